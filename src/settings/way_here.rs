//! How to come here again, for somebody who came by SSH.

use std::net::{IpAddr, Ipv4Addr};

/// The port of SSH (RFC 4253, section 4.1).
const SSH_PORT: u16 = 22;

/// What to write behind `ssh`: this account and this machine's address, and the port if it is
/// another than SSH's. `None` where the variables do not tell, or tell what cannot be the way.
pub(super) fn way_here(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    // "client-address client-port server-address server-port" (ssh(1)).
    let connection = variable("SSH_CONNECTION")?;
    let mut server = connection.split_whitespace().skip(2);
    let address: IpAddr = server.next()?.parse().ok()?;
    let port: u16 = server.next()?.parse().ok()?;
    // At its own loopback a machine is reached through another one only, or by a tunnel.
    let address = match address.to_canonical() {
        own if own.is_loopback() || own == IpAddr::V4(Ipv4Addr::UNSPECIFIED) => return None,
        address => address,
    };
    let account = ["USER", "LOGNAME"].into_iter().find_map(variable).filter(|it| is_plain(it));
    let account = account.map(|name| format!("{name}@")).unwrap_or_default();
    let port = if port == SSH_PORT { String::new() } else { format!("-p {port} ") };
    Some(format!("{port}{account}{address}"))
}

/// Whether a shell takes it for nothing but a name.
fn is_plain(name: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    name.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_')
        && name.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(connection: &str, account: &str) -> Option<String> {
        way_here(|name| match name {
            "SSH_CONNECTION" => Some(connection.to_owned()),
            "USER" => Some(account.to_owned()).filter(|it| !it.is_empty()),
            _ => None,
        })
    }

    #[test]
    fn the_way_is_the_account_and_the_address_that_was_come_to() {
        for (connection, account, expected) in [
            ("192.0.2.1 40000 192.0.2.2 22", "ann", "ann@192.0.2.2"),
            ("192.0.2.1 40000 192.0.2.2 2222", "ann", "-p 2222 ann@192.0.2.2"),
            ("2001:db8::1 40000 2001:db8::2 22", "ann", "ann@2001:db8::2"),
            ("::ffff:192.0.2.1 40000 ::ffff:192.0.2.2 22", "ann", "ann@192.0.2.2"),
            ("192.0.2.1 40000 192.0.2.2 22", "", "192.0.2.2"),
            ("192.0.2.1 40000 192.0.2.2 22", "-oProxyCommand=x", "192.0.2.2"),
            ("192.0.2.1 40000 192.0.2.2 22", "a;b", "192.0.2.2"),
        ] {
            assert_eq!(way(connection, account).as_deref(), Some(expected), "{connection}");
        }
    }

    #[test]
    fn what_is_no_way_is_not_told() {
        for connection in [
            "",
            "1",
            "UNKNOWN 65535 UNKNOWN 65535",
            "192.0.2.1 40000 192.0.2.2",
            "192.0.2.1 40000 192.0.2.2 x",
            "192.0.2.1 40000 example.com 22",
            "192.0.2.1 40000 fe80::1%eth0 22",
            "127.0.0.1 40000 127.0.0.1 2222",
            "::1 40000 ::1 22",
            "192.0.2.1 40000 0.0.0.0 22",
        ] {
            assert_eq!(way(connection, "ann"), None, "{connection}");
        }
    }
}
