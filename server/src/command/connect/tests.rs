use std::{fs, path::Path};

use domain::client::{Client, Os};
use serde_json::{Value, json};

use super::*;

const KEYED: &str = "acme.web";

/// A key that is well-formed and nobody's.
fn secret() -> String {
    let random: Vec<u8> = (0..64).collect();
    let secret = domain::key::format_secret(SecretKind::ApiKey, &random).unwrap();
    secret.expose_secret().to_owned()
}

fn home(dir: &Path, os: Os) -> Home {
    Home { os, home: dir.to_owned(), appdata: None, config: None }
}

fn connect(client: Client) -> Connect {
    Connect {
        url: Some("https://mcp.example".parse().unwrap()),
        project: KEYED.to_owned(),
        server: None,
        client,
        key_file: None,
        key_stdin: true,
        no_key: false,
        name: None,
        file: None,
        undo: false,
        print: false,
    }
}

fn put(connect: &Connect, home: &Home) -> Result<String> {
    apply(connect, home, secret().as_bytes())
}

fn files() -> impl Iterator<Item = (Client, domain::client::ConfigFile)> {
    Client::ALL.iter().filter_map(|client| Some((*client, client.file()?)))
}

#[test]
fn every_client_gets_its_file_on_every_system_and_loses_it_again() {
    for (client, file) in files() {
        for os in Os::ALL {
            let dir = tempfile::tempdir().unwrap();
            let home = home(dir.path(), os);
            let path = home.resolve(file.places(os)[0]);
            let told = put(&connect(client), &home).unwrap();
            assert!(told.contains(&path.display().to_string()), "{told}");
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.contains("https://mcp.example/projects/acme.web/mcp"), "{text}");
            assert!(text.contains(&secret()), "{text}");
            apply(&Connect { undo: true, ..connect(client) }, &home, std::io::empty()).unwrap();
            assert!(!path.exists(), "it was ours alone");
        }
    }
}

#[test]
fn the_rest_of_a_json_file_stays_byte_for_byte() {
    for (client, file) in files() {
        let Format::Json { servers, comments } = file.format else { continue };
        let plain = format!(
            "{{\n\t\"theme\": \"a, b }} // c\",\n\t\"{servers}\": {{\n\t\t\"other\": {{ \"command\": \"x\" }}\n\t}},\n\t\"n\": [1, 2]\n}}\n"
        );
        let commented = format!(
            "// mine\n{{\n  \"{servers}\": {{\n    // first\n    \"other\": {{\"command\": \"x\"}}, // its note\n    /* last */\n  }},\n}}"
        );
        let one_line = format!("{{\"{servers}\":{{}},\"a\":1}}");
        let none = "{ \"a\": 1 }".to_owned();
        let texts = [Some(plain), comments.then_some(commented), Some(one_line), Some(none)];
        for before in texts.into_iter().flatten() {
            let dir = tempfile::tempdir().unwrap();
            let home = home(dir.path(), Os::Linux);
            let path = home.resolve(file.places(Os::Linux)[0]);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &before).unwrap();
            put(&connect(client), &home).unwrap();
            let after = fs::read_to_string(&path).unwrap();
            // Every line that was there is there, in its order, but for a comma that joins ours.
            let mut lines = after.lines().map(|line| line.trim().trim_end_matches(','));
            for line in before.lines().filter(|_| before.lines().count() > 2) {
                let line = line.trim().trim_end_matches(',');
                assert!(lines.any(|found| found == line), "{line:?} is not in\n{after}");
            }
            // Twice changes nothing more.
            put(&connect(client), &home).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), after);
            // The second run's backup holds the first's entry; without backup only the entry goes.
            fs::remove_file(path.with_file_name(format!("{}.sluice-backup", file.name))).unwrap();
            apply(&Connect { undo: true, ..connect(client) }, &home, std::io::empty()).unwrap();
            let rest = fs::read_to_string(&path).unwrap();
            let without = json::remove(&rest, servers, comments, "web").unwrap();
            assert_eq!(without, None);
            for mark in ["// mine", "// first", "// its note", "/* last */", "a, b } // c"] {
                assert_eq!(rest.contains(mark), before.contains(mark), "{rest}");
            }
        }
    }
}

#[test]
fn the_rest_of_a_toml_file_stays_byte_for_byte() {
    let dir = tempfile::tempdir().unwrap();
    let home = home(dir.path(), Os::Linux);
    let path = dir.path().join(".codex/config.toml");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let before = "model = \"x\" # mine\n\n[mcp_servers.other]\ncommand = \"y\"\n\n# about tools\n[tools]\nweb = true\n";
    fs::write(&path, before).unwrap();
    put(&connect(Client::Codex), &home).unwrap();
    let after = fs::read_to_string(&path).unwrap();
    assert!(after.starts_with(before.trim_end()), "{after}");
    put(
        &Connect { server: Some("search".into()), name: Some("web".into()), ..connect(Client::Codex) },
        &home,
    )
    .unwrap();
    let moved = fs::read_to_string(&path).unwrap();
    assert_eq!(moved.matches("[mcp_servers.web]").count(), 1, "{moved}");
    assert!(moved.contains("/servers/search/mcp"));
    let undo = Connect { undo: true, ..connect(Client::Codex) };
    apply(&undo, &home, std::io::empty()).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), after, "as before the last run");
    apply(&undo, &home, std::io::empty()).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), before);
    assert!(apply(&undo, &home, std::io::empty()).unwrap_err().to_string().contains("nothing to undo"));
}

#[test]
fn undo_restores_the_backup_or_leaves_what_others_changed() {
    let dir = tempfile::tempdir().unwrap();
    let home = home(dir.path(), Os::Linux);
    let path = dir.path().join(".cursor/mcp.json");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let before = "{\"mcpServers\":   {} /* odd */ }";
    let undo = Connect { undo: true, ..connect(Client::Cursor) };
    fs::write(&path, before).unwrap();
    put(&connect(Client::Cursor), &home).unwrap();
    apply(&undo, &home, std::io::empty()).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), before);

    put(&connect(Client::Cursor), &home).unwrap();
    let mut changed: Value = {
        let text = fs::read_to_string(&path).unwrap().replace("/* odd */", "");
        serde_json::from_str(&text).unwrap()
    };
    changed["mcpServers"]["new"] = json!({ "url": "https://other.example" });
    fs::write(&path, changed.to_string()).unwrap();
    apply(&undo, &home, std::io::empty()).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let left: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(left, json!({ "mcpServers": { "new": { "url": "https://other.example" } } }));
}

#[test]
fn a_file_that_is_not_understood_is_refused_and_untouched() {
    for (client, file) in files() {
        let dir = tempfile::tempdir().unwrap();
        let home = home(dir.path(), Os::Linux);
        let path = home.resolve(file.places(Os::Linux)[0]);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let bad: &[&str] = match file.format {
            Format::Json { comments: false, .. } => {
                &["{ \"a\": 1, }", "// no\n{}", "[]", "{\"mcpServers\": []}"]
            }
            Format::Json { servers: "servers", .. } => &["{ \"a\": ", "[]", "{\"servers\": 1}"],
            Format::Json { .. } => &["{ \"a\": ", "[]", "{\"mcpServers\": 1}"],
            Format::Toml => &["a = ", "mcp_servers = 1", "mcp_servers = { other = { command = \"x\" } }"],
        };
        for text in bad {
            fs::write(&path, text).unwrap();
            let error = format!("{:#}", put(&connect(client), &home).unwrap_err());
            assert!(error.contains("stays as it is"), "{text}: {error}");
            assert_eq!(fs::read_to_string(&path).unwrap(), *text);
            assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
        }
    }
}

#[cfg(unix)]
#[test]
fn modes_and_links_stay_and_a_new_file_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let home = home(dir.path(), Os::Linux);
    let path = dir.path().join(".cursor/mcp.json");
    put(&connect(Client::Cursor), &home).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    let real = dir.path().join("dotfiles.json");
    fs::rename(&path, &real).unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&real, &path).unwrap();
    put(&Connect { name: Some("more".into()), ..connect(Client::Cursor) }, &home).unwrap();
    assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
    assert_eq!(mode(&real), 0o640);
    assert!(fs::read_to_string(&real).unwrap().contains("\"more\""));
}

#[test]
fn what_cannot_be_done_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let home = home(dir.path(), Os::Linux);
    let fails =
        |connect: Connect, stdin: &str| apply(&connect, &home, stdin.as_bytes()).unwrap_err().to_string();
    let keyless = |client| Connect { key_stdin: false, ..connect(client) };
    assert!(fails(keyless(Client::Cline), "").contains("--key-stdin"));
    assert!(fails(connect(Client::Cursor), "slu_wrong").contains("no API key"));
    assert!(fails(connect(Client::AutoGen), &secret()).contains("--print"));
    assert!(fails(Connect { name: Some("a b".into()), ..connect(Client::Cursor) }, "").contains("--name"));
    assert!(
        fails(Connect { url: Some("ftp://x".parse().unwrap()), ..connect(Client::Cursor) }, &secret())
            .contains("no address")
    );
    let told = apply(&keyless(Client::Cursor), &home, std::io::empty()).unwrap();
    assert!(told.contains("SLUICE_KEY"), "{told}");
    let printed =
        apply(&Connect { print: true, ..keyless(Client::AutoGen) }, &home, std::io::empty()).unwrap();
    assert!(printed.contains("StreamableHttpServerParams"), "{printed}");
}
