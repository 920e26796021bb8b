//! Numbers for whoever watches the program: requests by door and status, never by person or address. Off by default.

use std::net::SocketAddr;

use metrics_exporter_prometheus::PrometheusBuilder;

/// Serves the numbers on an address of their own.
///
/// # Errors
/// A sentence for the person at the keyboard.
pub fn serve(at: SocketAddr) -> Result<(), String> {
    PrometheusBuilder::new()
        .with_http_listener(at)
        .set_buckets(&[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0])
        .and_then(PrometheusBuilder::install)
        .map_err(|e| format!("The numbers cannot be served on {at}: {e}."))?;
    metrics::describe_counter!("tandem_requests_total", "Answers, by method, door and status");
    metrics::describe_histogram!("tandem_request_seconds", "Time until an answer began, by door");
    metrics::describe_gauge!("tandem_open_streams", "Streams of live news that are open now");
    Ok(())
}

/// How many streams of live news are open.
pub fn streams(open: usize) {
    #[expect(clippy::cast_precision_loss, reason = "there are at most a few thousand")]
    metrics::gauge!("tandem_open_streams").set(open as f64);
}

/// Counts one answer. Costs next to nothing while nobody reads the numbers.
pub fn request(method: &'static str, door: &str, status: u16, micros: i64) {
    let door = door.to_owned();
    metrics::counter!("tandem_requests_total", "method" => method, "door" => door.clone(), "status" => status.to_string())
        .increment(1);
    #[expect(clippy::cast_precision_loss, reason = "a request takes less than 285 years")]
    metrics::histogram!("tandem_request_seconds", "door" => door).record(micros as f64 / 1e6);
}
