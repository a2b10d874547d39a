//! The way to a database under TLS, with certificates that prove something and that do not.

use std::fs;
use std::path::Path;

use super::hosts::Hosts;
use super::servers::{Kind, Server, owned_by_server};
use crate::front::Authority;
use crate::world::{RED, Ran, finish};

/// The options of a server with a certificate of `authority` for `localhost`.
fn certified(kind: Kind, authority: &Authority, folder: &Path) -> Vec<String> {
    let (certificate, key) = authority.certificate("localhost", 2060);
    let files = [("server.pem", certificate), ("server.key", key)].map(|(name, pem)| {
        let path = folder.join(name);
        fs::write(&path, pem).unwrap();
        if kind == Kind::Postgres {
            owned_by_server(&path);
        }
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        path.display().to_string()
    });
    let [certificate, key] = files;
    match kind {
        Kind::Redis => vec![
            "--tls-cert-file".to_owned(),
            certificate,
            "--tls-key-file".to_owned(),
            key,
            "--tls-auth-clients".to_owned(),
            "no".to_owned(),
        ],
        Kind::Postgres => [
            "ssl=on".to_owned(),
            format!("ssl_cert_file={certificate}"),
            format!("ssl_key_file={key}"),
        ]
        .into_iter()
        .flat_map(|setting| ["-c".to_owned(), setting])
        .collect(),
    }
}

fn under_tls(kind: Kind) {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let server = Server::prepared(kind, |folder| certified(kind, &authority, folder));
    let Some(server) = server else { return };
    let hosts = Hosts::new(server.database());
    let roots = |name: &str, authority: &Authority| {
        let file = hosts.world.home().join(name);
        fs::write(&file, &authority.pem).unwrap();
        file
    };
    let (ours, theirs) = (roots("ours.pem", &authority), roots("theirs.pem", &stranger));
    let url = hosts.database.url().replace("redis://", "rediss://");
    let named = url.replace("127.0.0.1", "localhost");
    let run = |store: &str, roots: &Path| -> Ran {
        let mut command = hosts.world.command(["status", "-v"]);
        command.env("NBATODO_SESSION_STORE", store).env("SSL_CERT_FILE", roots);
        finish(command)
    };
    let modes: &[&str] = match kind {
        Kind::Redis => &[""],
        Kind::Postgres => &["?sslmode=verify-full", "?sslmode=require", "?sslmode=prefer"],
    };
    for mode in modes {
        run(&format!("{named}{mode}"), &ours).exits_with(4);
        let distrusted = run(&format!("{named}{mode}"), &theirs);
        assert!(distrusted.exits_with(1).stderr.contains("is not trusted"), "{distrusted:?}");
        let misnamed = run(&format!("{url}{mode}"), &ours);
        assert!(misnamed.exits_with(1).stderr.contains("is for another name"), "{misnamed:?}");
    }
    let mut login = hosts.world.command(["login", "--no-browser"]);
    let store = format!("{named}{}", modes[0]);
    login.env("NBATODO_SESSION_STORE", &store).env("SSL_CERT_FILE", &ours);
    hosts.world.sign_in_by(login, RED);
    assert!(run(&store, &ours).exits_with(0).stdout.contains(RED));
}

#[test]
fn redis_under_tls_proves_its_name() {
    under_tls(Kind::Redis);
}

#[test]
fn postgres_under_tls_proves_its_name() {
    under_tls(Kind::Postgres);
}
