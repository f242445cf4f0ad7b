use super::*;

fn servers(text: &str) -> Vec<ImportedServer> {
    parse(text).expect("a readable file")
}

#[test]
fn claude_and_cursor() {
    let found = servers(
        r#"{"mcpServers": {
            "everything": {"command": "npx", "args": ["-y", "@modelcontextprotocol/server-everything"], "env": {"TOKEN": "t"}},
            "remote": {"url": "https://a.test/mcp", "headers": {"Authorization": "Bearer x"}}
        }}"#,
    );
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].input.transport, Transport::Stdio);
    assert_eq!(found[0].input.args, ["-y", "@modelcontextprotocol/server-everything"]);
    assert_eq!(found[1].input.transport, Transport::StreamableHttp);
    assert!(found.iter().all(|s| s.warnings.is_empty()));
    for server in found {
        server.input.check().expect("what is imported can be created");
    }
}

#[test]
fn cline() {
    let found = servers(
        r#"{"mcpServers": {"old one": {"url": "http://127.0.0.1:9001/sse", "disabled": true, "timeout": 30, "autoApprove": ["a"]}}}"#,
    );
    assert_eq!(found[0].input.name, "old-one");
    assert_eq!(found[0].input.transport, Transport::Sse);
    assert_eq!(found[0].input.timeout_seconds, 30);
    assert!(!found[0].input.enabled);
    assert_eq!(found[0].warnings.len(), 2, "renamed, and autoApprove left out");
}

#[test]
fn vs_code() {
    let found = servers(
        r#"{"inputs": [], "servers": {"gh": {"type": "http", "url": "https://a.test/x", "headers": {"K": "${input:key}"}},
            "local": {"type": "stdio", "command": "uvx", "args": ["mcp-server-time"], "cwd": "/srv"}}}"#,
    );
    assert_eq!(found[0].input.transport, Transport::StreamableHttp);
    assert_eq!(found[0].warnings.len(), 1, "a reference to the client's machine");
    assert_eq!(found[1].input.working_directory.as_deref(), Some("/srv"));
}

#[test]
fn equal_names_are_made_different() {
    let found = servers(r#"{"mcpServers": {"a b": {"command": "x"}, "a-b": {"command": "y"}}}"#);
    assert_eq!(found[1].input.name, "a-b-2");
}

#[test]
fn what_is_no_configuration_is_told() {
    for (bad, says) in [
        ("", "line 1"),
        ("{", "line 1"),
        ("[]", ""),
        ("{}", ""),
        (r#"{"mcpServers": {"a": {}}}"#, "`a`"),
        (r#"{"mcpServers": {"a": 1}}"#, "`a`"),
    ] {
        let error = parse(bad).expect_err(bad);
        assert_eq!(error.code(), Code::ImportInvalid, "{bad}");
        assert!(error.public_message().to_lowercase().contains(says), "{bad}: {error}");
    }
}
