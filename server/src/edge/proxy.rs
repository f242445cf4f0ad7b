//! Where a request comes from, seen past the proxies in front.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
};

use http::HeaderMap;
use ipnet::IpNet;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The proxies that are believed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies(Vec<IpNet>);

/// A text that is neither an address nor a network.
#[derive(Debug)]
pub(crate) struct NoNetwork(String);

impl fmt::Display for NoNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not an address or a network such as 10.0.0.5 or 172.16.0.0/12", self.0)
    }
}

impl std::error::Error for NoNetwork {}

impl Proxies {
    pub(crate) fn new(texts: &[String]) -> Result<Self, NoNetwork> {
        let parse = |text: &String| {
            let text = text.trim();
            let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
            network.map_err(|_| NoNetwork(text.to_owned()))
        };
        texts.iter().map(parse).collect::<Result<_, _>>().map(Self)
    }

    /// The client of a request that came over the connection of `peer`. Each proxy adds at the right
    /// whom it heard, so the list is read from there: the first that is no proxy of ours is the
    /// client, and what stands left of it is only what the client says.
    pub(crate) fn client(&self, peer: SocketAddr, headers: &HeaderMap) -> SocketAddr {
        if self.0.is_empty() || !self.has(peer.ip()) {
            return peer;
        }
        let lines = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
        let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
        let mut client = peer;
        for hop in hops.into_iter().rev() {
            let Some(address) = address(hop.trim()) else { break };
            client = SocketAddr::new(address, 0);
            if !self.has(address) {
                break;
            }
        }
        client
    }

    fn has(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// An address, as some proxies write it with its port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let parsed = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()));
    parsed.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(trusted: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let trusted: Vec<String> = trusted.iter().map(|text| (*text).to_owned()).collect();
        let proxies = Proxies::new(&trusted).expect("networks");
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, line.parse().expect("a value"));
        }
        proxies.client(SocketAddr::new(peer.parse().expect("an address"), 9), &headers).ip().to_string()
    }

    #[test]
    fn only_proxies_of_ours_are_believed() {
        let proxy = ["10.0.0.0/8"];
        assert_eq!(client(&[], "10.0.0.1", &["203.0.113.7"]), "10.0.0.1", "nobody is trusted");
        assert_eq!(client(&proxy, "198.51.100.1", &["203.0.113.7"]), "198.51.100.1", "it is no proxy");
        assert_eq!(client(&proxy, "10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client(&proxy, "10.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(client(&proxy, "::ffff:10.0.0.1", &["203.0.113.7:4711"]), "203.0.113.7");
        assert_eq!(client(&proxy, "10.0.0.1", &["[2001:db8::1]"]), "2001:db8::1");
    }

    #[test]
    fn what_a_client_writes_itself_does_not_count() {
        let proxy = ["10.0.0.0/8"];
        assert_eq!(client(&proxy, "10.0.0.1", &["1.1.1.1, 203.0.113.7"]), "203.0.113.7");
        assert_eq!(client(&proxy, "10.0.0.1", &["1.1.1.1", "203.0.113.7, 10.0.0.2"]), "203.0.113.7");
        assert_eq!(client(&proxy, "10.0.0.1", &["1.1.1.1, nonsense"]), "10.0.0.1", "nor what is no address");
        assert_eq!(
            client(&proxy, "10.0.0.1", &["10.0.0.3, 10.0.0.2"]),
            "10.0.0.3",
            "a client of our network"
        );
    }
}
