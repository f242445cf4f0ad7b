use super::*;

fn stdio() -> ServerInput {
    serde_json::from_value(serde_json::json!({ "name": "s", "transport": "stdio", "command": "npx" }))
        .expect("the smallest input")
}

fn remote(address: &str) -> ServerInput {
    ServerInput {
        transport: Transport::StreamableHttp,
        command: String::new(),
        url: address.into(),
        ..stdio()
    }
}

fn fields(input: ServerInput) -> Vec<(String, Code)> {
    match input.check() {
        Ok(_) => vec![],
        Err(error) => error.field_errors().iter().map(|f| (f.field.clone(), f.code)).collect(),
    }
}

fn variable(name: &str, value: &str) -> VariableInput {
    VariableInput { name: name.into(), value: Some(SecretInput::new(value)) }
}

#[test]
fn the_smallest_inputs_pass() {
    assert_eq!(fields(stdio()), []);
    assert_eq!(fields(remote("http://127.0.0.1:9000/mcp")), []);
    assert_eq!(
        fields(ServerInput { transport: Transport::Builtin, builtin: "toolbox".into(), ..stdio() }),
        []
    );
}

#[test]
fn commands_are_one_program() {
    for bad in ["", "npx -y server", "./run", "a/b", "x\ny"] {
        assert_eq!(fields(ServerInput { command: bad.into(), ..stdio() }).len(), 1, "{bad:?}");
    }
    assert_eq!(fields(ServerInput { command: "/usr/bin/env".into(), ..stdio() }), []);
}

#[test]
fn loader_variables_are_refused() {
    for bad in ["LD_PRELOAD", "ld_library_path", "NODE_OPTIONS", "PATH", "BASH_FUNC_x"] {
        let input = ServerInput { env: vec![variable(bad, "x")], ..stdio() };
        assert_eq!(fields(input), [("env[0].name".to_owned(), Code::VariableForbidden)], "{bad}");
    }
    let input =
        ServerInput { env: vec![variable("1X", "x"), variable("A", "x"), variable("a", "x")], ..stdio() };
    assert_eq!(fields(input).len(), 2, "a leading digit, and a name that stands twice");
}

#[test]
fn headers_are_tokens_with_single_line_values() {
    let with =
        |name, value| ServerInput { headers: vec![variable(name, value)], ..remote("https://a.test/mcp") };
    assert_eq!(fields(with("X-Key", "v")), []);
    assert_eq!(fields(with("Authorization", "Bearer t")), []);
    for (name, value) in
        [("X Key", "v"), ("Host", "v"), ("Mcp-Session-Id", "v"), ("X-Key", "a\r\nB: c"), ("", "v")]
    {
        assert_eq!(fields(with(name, value)).len(), 1, "{name:?}");
    }
}

#[test]
fn addresses_carry_no_credentials() {
    for bad in
        ["", "ftp://a/mcp", "http://user:pw@a/mcp", "http://a/mcp#x", "not an address", "file:///etc/passwd"]
    {
        assert_eq!(fields(remote(bad)), [("url".to_owned(), Code::UrlInvalid)], "{bad}");
    }
}

#[test]
fn what_the_transport_does_not_use_is_dropped() {
    let input =
        ServerInput { env: vec![variable("A", "b")], command: "npx".into(), ..remote("https://a.test/mcp") };
    let checked = input.check().expect("a remote server");
    assert!(checked.command.is_empty() && checked.env.is_empty());
}

#[test]
fn secrets_do_not_show_in_debug() {
    let input = ServerInput { env: vec![variable("A", "hunter2")], ..stdio() };
    assert!(!format!("{input:?}").contains("hunter2"));
}

#[test]
fn numbers_have_ranges() {
    let input = ServerInput {
        sleep_after_minutes: Some(0),
        memory_mb: Some(1),
        connect_seconds: Some(121),
        initialize_seconds: Some(0),
        total_seconds: Some(59),
        alias: Some("Not__good".into()),
        ..stdio()
    };
    let names: Vec<_> = fields(input).into_iter().map(|(field, _)| field).collect();
    assert_eq!(
        names,
        [
            "alias",
            "sleep_after_minutes",
            "memory_mb",
            "connect_seconds",
            "initialize_seconds",
            "total_seconds"
        ]
    );
    let input = ServerInput { total_seconds: Some(60), memory_mb: Some(512), ..stdio() };
    assert_eq!(fields(input), [], "a call may take exactly as long as it may be silent");
}

#[test]
fn only_processes_have_process_rules() {
    let input = ServerInput {
        sharing: Sharing::Session,
        sleep_after_minutes: Some(5),
        memory_mb: Some(64),
        connect_seconds: Some(3),
        ..remote("https://a.test/mcp")
    };
    let checked = input.check().expect("a remote server");
    assert_eq!((checked.sharing, checked.sleep_after_minutes, checked.memory_mb), Default::default());
    assert_eq!(checked.connect_seconds, Some(3));
}
