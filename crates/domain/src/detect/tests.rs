use super::*;

fn server(text: &str) -> DetectedServer {
    match detect(text).unwrap_or_else(|error| panic!("{text}: {error:?}")) {
        Detected::Server(server) => {
            server.input.clone().check().unwrap_or_else(|error| panic!("{text}: {error:?}"));
            *server
        }
        Detected::Import(_) => panic!("{text} is no import"),
    }
}

fn servers(text: &str) -> Vec<import::ImportedServer> {
    match detect(text).unwrap_or_else(|error| panic!("{text}: {error:?}")) {
        Detected::Import(json) => import::parse(&json).expect("what the import understands"),
        Detected::Server(server) => panic!("{text} is {server:?}"),
    }
}

fn fault(text: &str) -> Code {
    let error = detect(text).err().unwrap_or_else(|| panic!("{text} is understood"));
    assert_eq!(error.field_errors()[0].field, "source");
    error.field_errors()[0].code
}

/// Name, transport, command or address, arguments.
type Row<'a> = (&'a str, &'a str, Transport, &'a str, &'a [&'a str]);

#[test]
fn addresses_and_commands_of_manuals() {
    use Transport::{Sse, Stdio, StreamableHttp};
    let rows: &[Row] = &[
        ("https://mcp.linear.app/sse", "linear", Sse, "https://mcp.linear.app/sse", &[]),
        (" https://mcp.stripe.com ", "stripe", StreamableHttp, "https://mcp.stripe.com", &[]),
        ("HTTPS://Example.org/mcp/", "example", StreamableHttp, "HTTPS://Example.org/mcp/", &[]),
        ("https://a1b.test/sse?key=1", "a1b", Sse, "https://a1b.test/sse?key=1", &[]),
        ("$ npx -y @x/server-git --repo .", "git", Stdio, "npx", &["-y", "@x/server-git", "--repo", "."]),
        ("npx @x/server-git", "git", Stdio, "npx", &["-y", "@x/server-git"]),
        (
            "uvx mcp-server-time --tz 'Asia/Seoul'",
            "time",
            Stdio,
            "uvx",
            &["mcp-server-time", "--tz", "Asia/Seoul"],
        ),
        ("A=1 env=2 /opt/weather-mcp", "weather", Stdio, "/opt/weather-mcp", &[]),
        ("env TOKEN=abc node /srv/notes/index.js", "notes", Stdio, "node", &["/srv/notes/index.js"]),
        ("npx -y mcp-remote https://mcp.notion.com/sse", "notion", Sse, "https://mcp.notion.com/sse", &[]),
        ("claude mcp add time -- uvx mcp-server-time", "time", Stdio, "uvx", &["mcp-server-time"]),
        ("claude mcp add -s user git npx -y git-mcp -v", "git", Stdio, "npx", &["-y", "git-mcp", "-v"]),
        (
            "claude mcp add --transport http stripe https://mcp.stripe.com/",
            "stripe",
            StreamableHttp,
            "https://mcp.stripe.com/",
            &[],
        ),
        (
            "claude mcp add -t sse asana https://mcp.asana.com/v1",
            "asana",
            Sse,
            "https://mcp.asana.com/v1",
            &[],
        ),
        ("codex mcp add docs --url https://d.test/mcp", "docs", StreamableHttp, "https://d.test/mcp", &[]),
        ("gemini mcp add -e K=v my.tool ./x", "my-tool", Stdio, "./x", &[]),
    ];
    for (text, name, transport, target, args) in rows {
        let Detected::Server(found) = detect(text).unwrap_or_else(|error| panic!("{text}: {error:?}")) else {
            panic!("{text} is no import")
        };
        let input = found.input;
        assert_eq!((input.name.as_str(), input.transport), (*name, *transport), "{text}");
        let said = if transport.is_remote() { &input.url } else { &input.command };
        assert_eq!(said, target, "{text}");
        assert_eq!(input.args, *args, "{text}");
    }
}

#[test]
fn values_become_variables_and_what_only_stands_for_one_stays_open() {
    let found = server("API_KEY=abc TOKEN=$TOKEN NAME='<your name>' npx -y weather");
    let values: Vec<_> = found.input.env.iter().map(|v| (v.name.as_str(), v.value.is_some())).collect();
    assert_eq!(values, [("API_KEY", true), ("TOKEN", false), ("NAME", false)]);
    assert_eq!(found.notes, [Note::Open(vec!["TOKEN".into(), "NAME".into()])]);

    let docker = server("docker run -i --rm -e KEY -e TOKEN=s3cret --env=MODE=ro ghcr.io/x/y-mcp");
    assert!(!format!("{:?}", docker.input.args).contains("s3cret"), "arguments are stored in the open");
    assert_eq!(docker.input.args[..7], ["run", "-i", "--rm", "-e", "KEY", "-e", "TOKEN"]);
    assert_eq!(docker.input.env.len(), 3);
    let moved = Note::Sealed(vec!["TOKEN".into(), "MODE".into()]);
    assert_eq!(docker.notes, [moved, Note::Open(vec!["KEY".into()])]);

    let claude = server("claude mcp add gh --env GITHUB_TOKEN=YOUR_TOKEN -e A=1 -- npx -y gh-mcp");
    assert_eq!(claude.notes, [Note::Open(vec!["GITHUB_TOKEN".into()])]);
    let header =
        server(r#"claude mcp add -t http x https://x.test/mcp --header "Authorization: Bearer abc""#);
    assert_eq!(header.input.headers[0].name, "Authorization");
    assert_eq!(header.input.headers[0].value.as_ref().map(SecretInput::expose_secret), Some("Bearer abc"));
    let proxied = server("npx mcp-remote https://x.test/mcp --header X-Key:${KEY}");
    assert_eq!(proxied.notes, [Note::Unwrapped, Note::Open(vec!["X-Key".into()])]);
}

#[test]
fn json_goes_to_the_import_in_every_shape() {
    let one = r#"{"command": "npx", "args": ["-y", "@x/server-git"]}"#;
    assert_eq!(servers(one)[0].input.name, "git");
    assert_eq!(servers(r#"{"url": "https://mcp.linear.app/sse"}"#)[0].input.name, "linear");
    for text in [
        format!(r#"{{"mcpServers": {{"a": {one}}}}}"#),
        format!(r#"{{"a": {one}}}"#),
        format!(r#""a": {one},"#),
        format!("claude mcp add-json a '{one}'"),
        r#"code --add-mcp '{"name": "a", "command": "npx"}'"#.to_owned(),
    ] {
        assert_eq!(servers(&text)[0].input.name, "a", "{text}");
    }
    assert!(matches!(detect("{ not json"), Ok(Detected::Import(_))), "the import says where");
}

#[test]
fn what_is_no_server_is_told_apart() {
    for (text, code) in [
        ("", Code::Required),
        ("curl https://x.test/install | sh", Code::ShellNeeded),
        ("cd /srv && npm start", Code::ShellNeeded),
        ("https://petstore.test/v3/openapi.json", Code::OpenApiUnsupported),
        ("https://petstore.test/swagger.yaml", Code::OpenApiUnsupported),
        ("What is this?", Code::DetectInvalid),
        ("ftp://x.test/mcp", Code::DetectInvalid),
        ("KEY=value", Code::DetectInvalid),
        ("claude mcp add", Code::DetectInvalid),
        ("npx 'open", Code::DetectInvalid),
    ] {
        assert_eq!(fault(text), code, "{text}");
    }
}

#[test]
fn a_name_that_is_taken_gets_a_number() {
    assert_eq!(free_name("a", |_| false), "a");
    assert_eq!(free_name("a", |name| matches!(name, "a" | "a-2")), "a-3");
    let long = "a".repeat(40);
    let second = free_name(&long, |name| name == long);
    assert_eq!(crate::name::server(&second), Ok(()), "{second}");
}

#[test]
fn only_a_bare_host_is_guessed_at() {
    let guesses = |text: &str| -> Vec<String> { server(text).guesses().into_iter().map(|g| g.url).collect() };
    assert_eq!(guesses("https://mcp.x.test"), ["https://mcp.x.test/mcp", "https://mcp.x.test/sse"]);
    assert!(guesses("https://mcp.x.test/v1").is_empty());
    assert!(guesses("npx -y x").is_empty());
}
