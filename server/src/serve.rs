//! Listening, plain or by TLS, and stopping gracefully.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, Server};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::bodies::Most;
use crate::ctx::App;
use crate::{doors, layers};

/// How long requests that have begun may take after the program was told to stop.
const GRACE: Duration = Duration::from_secs(25);

/// The whole program as one router: for listening, and for tests that call it directly.
pub fn program(app: App) -> Router {
    program_with(app, Most::default())
}

/// The same with other limits of what may be on its way.
pub fn program_with(app: App, most: Most) -> Router {
    layers::around_all(doors::router(), app, most)
}

/// Reads a certificate chain and its key, and checks that they fit.
///
/// # Errors
/// A sentence for the person at the keyboard.
pub fn tls_files(cert: &Path, key: &Path) -> Result<ServerConfig, String> {
    let wrong = |p: &Path, what: &str| format!("{} {what}", p.display());
    let chain = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|e| wrong(cert, &format!("is no certificate in PEM form: {e}.")))?;
    let private =
        PrivateKeyDer::from_pem_file(key).map_err(|e| wrong(key, &format!("is no private key in PEM form: {e}.")))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| e.to_string())?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(|e| wrong(cert, &format!("does not fit its key: {e}.")))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Serves until `stop`, then takes nothing new and finishes what it has begun.
///
/// # Errors
/// The listener's error.
pub async fn serve(
    listener: std::net::TcpListener,
    tls: Option<ServerConfig>,
    app: App,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    listener.set_nonblocking(true)?;
    let handle = Handle::<SocketAddr>::new();
    let (news, streams, ours) = (app.service.clone(), app.streams.clone(), handle.clone());
    let news = tokio::spawn(async move { news.carry_news().await });
    tokio::spawn(async move {
        stop.await;
        tracing::info!("stopping: no new requests, finishing those that have begun");
        // Requests are finished, streams never would be.
        streams.close();
        ours.graceful_shutdown(Some(GRACE));
    });
    let service = program(app).into_make_service_with_connect_info::<SocketAddr>();
    let server: Server<SocketAddr> = axum_server::from_tcp(listener)?.handle(handle);
    let done = match tls {
        None => tuned(server).serve(service).await,
        Some(config) => {
            let acceptor = RustlsAcceptor::new(RustlsConfig::from_config(Arc::new(config)));
            tuned(server.acceptor(acceptor)).serve(service).await
        }
    };
    news.abort();
    done
}

/// Somebody who opens a connection and then says nothing does not keep it.
fn tuned<A>(mut server: Server<SocketAddr, A>) -> Server<SocketAddr, A> {
    let http = server.http_builder();
    http.http1().timer(hyper_util::rt::TokioTimer::new()).header_read_timeout(Duration::from_secs(15));
    http.http2().timer(hyper_util::rt::TokioTimer::new()).max_concurrent_streams(100);
    server
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
