//! What can stand between nbatodo and Todoist: TLS, and a company's proxy.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

/// Somebody who issues certificates.
pub(crate) struct Authority {
    /// Its own certificate.
    pub(crate) pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::OrganizationName, "A company");
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// A server with a certificate for `name` that is good until the end of `year`.
    pub(crate) fn server(&self, name: &str, year: i32) -> ServerConfig {
        let (certificate, key) = self.issue(name, year);
        server_of(certificate.der().clone(), &key)
    }

    /// A certificate for `name` that is good until the end of `year`, and its key, in PEM.
    pub(crate) fn certificate(&self, name: &str, year: i32) -> (String, String) {
        let (certificate, key) = self.issue(name, year);
        (certificate.pem(), key.serialize_pem())
    }

    fn issue(&self, name: &str, year: i32) -> (Certificate, KeyPair) {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(year, 12, 31);
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }
}

/// A server with a certificate for `name` that nobody but itself has signed.
pub(crate) fn self_signed(name: &str) -> ServerConfig {
    let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let key = KeyPair::generate().unwrap();
    server_of(params.self_signed(&key).unwrap().der().clone(), &key)
}

fn server_of(
    certificate: rustls::pki_types::CertificateDer<'static>,
    key: &KeyPair,
) -> ServerConfig {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap()
}

/// Binds a port of loopback.
pub(crate) fn bound() -> (TcpListener, u16) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

/// Takes TLS off whatever comes to `listener`, and passes it on to `target`.
pub(crate) fn serve_tls(
    runtime: &Runtime,
    listener: TcpListener,
    server: ServerConfig,
    target: SocketAddr,
) {
    let acceptor = TlsAcceptor::from(Arc::new(server));
    each(runtime, listener, move |stream| {
        let acceptor = acceptor.clone();
        async move {
            // A client that does not trust us hangs up in the middle.
            let Ok(mut inner) = acceptor.accept(stream).await else { return };
            let mut outer = TcpStream::connect(target).await.unwrap();
            drop(copy_bidirectional(&mut inner, &mut outer).await);
        }
    });
}

/// An HTTP proxy that only makes tunnels, all of them to one place.
pub(crate) struct Proxy {
    /// Where it is, as `HTTPS_PROXY` wants it.
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// A proxy whose tunnels all end at `target`; without one it asks for a password.
    pub(crate) fn start(runtime: &Runtime, target: Option<SocketAddr>) -> Self {
        let (listener, port) = bound();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        each(runtime, listener, move |mut stream| {
            let log = log.clone();
            async move {
                let head = head(&mut stream).await;
                log.lock().unwrap().push(head.lines().next().unwrap_or_default().to_owned());
                let Some(target) = target else {
                    let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n";
                    return drop(stream.write_all(refusal).await);
                };
                let mut onward = TcpStream::connect(target).await.unwrap();
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
                drop(copy_bidirectional(&mut stream, &mut onward).await);
            }
        });
        Self { url: format!("http://127.0.0.1:{port}"), asked }
    }

    /// The request lines that it got, each once.
    pub(crate) fn asked(&self) -> Vec<String> {
        let mut asked = self.asked.lock().unwrap().clone();
        asked.sort();
        asked.dedup();
        asked
    }
}

async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(head).unwrap()
}

/// Does the same for each connection, for as long as `runtime` runs.
fn each<F: Future<Output = ()> + Send + 'static>(
    runtime: &Runtime,
    listener: TcpListener,
    serve: impl Fn(TcpStream) -> F + Send + 'static,
) {
    listener.set_nonblocking(true).unwrap();
    runtime.spawn(async move {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
}
