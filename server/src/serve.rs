//! Listening, and stopping gracefully.

use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;

use crate::ctx::App;
use crate::{doors, layers};

/// The whole program as one router: for listening, and for tests that call it directly.
pub fn program(app: App) -> Router {
    layers::around_all(doors::router(), app)
}

/// Serves until the program is told to stop, then finishes what it has begun.
///
/// # Errors
/// The listener's error.
pub async fn serve(
    listener: TcpListener,
    app: App,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (service, streams) = (app.service.clone(), app.streams.clone());
    let news = tokio::spawn(async move { service.carry_news().await });
    let stop = async move {
        stop.await;
        // Requests are finished, streams never would be.
        streams.close();
    };
    let program = program(app).into_make_service_with_connect_info::<SocketAddr>();
    let done = axum::serve(listener, program).with_graceful_shutdown(stop).await;
    news.abort();
    done
}

/// Waits for Ctrl-C or SIGTERM.
pub async fn told_to_stop() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}
