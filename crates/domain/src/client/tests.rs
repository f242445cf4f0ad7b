use std::fmt::Write;

use super::*;

const BASE: &str = "https://mcp.example/projects/acme.web";

fn connection(credential: Credential<'_>) -> Connection<'_> {
    Connection { base: BASE, name: "web", credential }
}

#[test]
fn every_client_is_told_of_the_address_and_the_key_in_its_own_way() {
    let mut all = String::new();
    for client in Client::ALL {
        for credential in [Credential::Secret("slu_key"), Credential::Variable] {
            if credential == Credential::Variable && !client.takes_variable() {
                continue;
            }
            let told = client.configuration(&connection(credential));
            let name = told.file_name(*client);
            writeln!(all, "# {} ({}, {name})\n{}", client.label(), told.language.name(), told.text).unwrap();
            writeln!(all, "{}\n", told.link.as_deref().unwrap_or("no link")).unwrap();
        }
    }
    insta::assert_snapshot!(all);
}

#[test]
fn names_lead_back_to_clients() {
    for client in Client::ALL {
        assert_eq!(Client::parse(client.name()), Some(*client));
        let json = serde_json::to_string(client).unwrap();
        assert_eq!(json, format!("\"{}\"", client.name()));
    }
    assert_eq!(Client::parse("netscape"), None);
}

#[test]
fn json_is_json_and_holds_the_entry() {
    for client in Client::ALL {
        let connection = connection(Credential::Placeholder);
        let told = client.configuration(&connection);
        if told.language == Language::Json {
            let read: serde_json::Value = serde_json::from_str(&told.text).unwrap();
            let entry = client.entry(&connection);
            let within = read.get("servers").or_else(|| read.get("mcpServers")).map(|all| &all["web"]);
            assert_eq!(within.unwrap_or(&read), &entry, "{}", client.label());
        }
    }
}

#[test]
fn an_open_project_needs_no_header() {
    for client in Client::ALL {
        let told = client.configuration(&connection(Credential::None));
        let text = format!("{}{}", told.text, told.link.unwrap_or_default());
        for mark in ["uthorization", "Bearer", "SLUICE", "slu_", "env"] {
            assert!(!text.contains(mark), "{}: {text}", client.label());
        }
    }
}

#[test]
fn a_placeholder_is_no_key_and_vs_code_asks_instead() {
    for client in Client::ALL {
        let told = client.configuration(&connection(Credential::Placeholder));
        let asks = told.text.contains("${input:sluice-key}") && told.text.contains("\"password\": true");
        assert_eq!(told.text.contains(PLACEHOLDER), *client != Client::VsCode, "{}", told.text);
        assert_eq!(asks, *client == Client::VsCode);
    }
}

#[test]
fn our_own_import_reads_what_we_write() {
    for client in [Client::Cline, Client::Cursor, Client::VsCode, Client::Windsurf] {
        let told = client.configuration(&connection(Credential::Secret("slu_key")));
        let read = crate::import::parse(&told.text).unwrap();
        assert_eq!(read[0].input.url, "https://mcp.example/projects/acme.web/mcp");
        assert!(read[0].warnings.is_empty(), "{:?}", read[0].warnings);
    }
}

#[test]
fn deep_links_carry_the_entry() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let connection = connection(Credential::Secret("slu_key"));
    let link = url::Url::parse(&Client::Cursor.configuration(&connection).link.unwrap()).unwrap();
    let pairs: Vec<_> = link.query_pairs().into_owned().collect();
    assert_eq!(pairs[0], ("name".to_owned(), "web".to_owned()));
    let entry: serde_json::Value = serde_json::from_slice(&STANDARD.decode(&pairs[1].1).unwrap()).unwrap();
    assert_eq!(entry, Client::Cursor.entry(&connection));
    let link = Client::VsCode.configuration(&connection).link.unwrap();
    assert!(
        link.starts_with("vscode:mcp/install?%7B%22name%22%3A%22web%22%2C%22type%22%3A%22http%22"),
        "{link}"
    );
}

#[test]
fn plain_http_to_another_machine_is_allowed_to_mcp_remote_on_purpose() {
    let args = |base| {
        let connection = Connection { base, name: "web", credential: Credential::Placeholder };
        Client::ClaudeDesktop.entry(&connection)["args"].to_string()
    };
    assert!(args("http://sluice.lan/projects/a.b").contains("--allow-http"));
    assert!(!args("http://127.0.0.1:8080/projects/a.b").contains("--allow-http"));
    assert!(!args(BASE).contains("--allow-http"));
}

#[test]
fn odd_names_stay_words_of_a_shell_and_keys_of_toml() {
    let odd = Connection { base: BASE, name: "it's $HOME", credential: Credential::None };
    assert!(Client::ClaudeCode.configuration(&odd).text.contains(r"'it'\''s $HOME'"));
    assert!(Client::Codex.configuration(&odd).text.starts_with("[mcp_servers.\"it's $HOME\"]"));
}
