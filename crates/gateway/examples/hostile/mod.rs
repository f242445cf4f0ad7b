//! A child process that misbehaves on request: each tool is one way to hurt whoever runs it.

use std::{
    io::{self, BufRead, Write},
    process::{Command, ExitCode},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

/// What the tools change.
#[derive(Default)]
struct State {
    /// `tools/list` is answered with an error.
    broken: bool,
    /// How often `tools/list` was asked for.
    listed: u64,
    /// Calls of `count` so far.
    count: u64,
    /// Descriptions of the tool `count`.
    edition: u64,
    ballast: Vec<Vec<u8>>,
}

/// Serves standard input and output until the former ends. `hostile slow` takes its time to start,
/// `hostile hold MIB` is a grandchild that only takes memory.
pub(crate) fn run(arguments: &[String]) -> ExitCode {
    match arguments.first().map(String::as_str) {
        Some("hold") => {
            let _held = ballast(arguments[1].parse().expect("a number"));
            thread::sleep(Duration::from_secs(120));
            return ExitCode::SUCCESS;
        }
        Some("slow") => thread::sleep(Duration::from_millis(1_500)),
        _ => {}
    }
    let mut state = State::default();
    for line in io::stdin().lock().lines() {
        let Ok(line) = line else { break };
        let Ok(message) = serde_json::from_str::<Value>(&line) else { continue };
        if message.get("id").is_some() && message["method"].is_string() {
            let reply = answer(&mut state, &message);
            let mut reply = json!({ "jsonrpc": "2.0", "id": message["id"], reply.0: reply.1 }).to_string();
            reply.push('\n');
            write(reply.as_bytes());
        }
    }
    ExitCode::SUCCESS
}

/// Whoever does not read any more ends us, as any pipe does.
fn write(bytes: &[u8]) {
    let mut out = io::stdout().lock();
    if out.write_all(bytes).and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

fn notify(method: &str) {
    write(format!("{{\"jsonrpc\":\"2.0\",\"method\":\"{method}\",\"params\":{{}}}}\n").as_bytes());
}

fn answer(state: &mut State, message: &Value) -> (&'static str, Value) {
    let arguments = &message["params"]["arguments"];
    let result = match message["method"].as_str().unwrap_or_default() {
        "initialize" => json!({
            "protocolVersion": "2025-06-18",
            "capabilities": { "tools": { "listChanged": true }, "resources": {}, "prompts": {} },
            "serverInfo": { "name": "hostile", "version": "1" },
        }),
        "ping" => json!({}),
        "tools/list" => {
            state.listed += 1;
            if state.broken {
                return ("error", json!({ "code": -32000, "message": "told to fail" }));
            }
            let description = format!("edition {}", state.edition);
            json!({ "tools": [
                { "name": "count", "description": description, "inputSchema": { "type": "object" }, "x-n": 1.0 },
            ] })
        }
        // Three pages, and one item without a name.
        "resources/list" => match message["params"]["cursor"].as_str() {
            None => json!({ "resources": [{ "uri": "x://a", "name": "a" }], "nextCursor": "2" }),
            Some("2") => json!({ "resources": [{ "name": "nameless" }], "nextCursor": "3" }),
            Some(_) => json!({ "resources": [{ "uri": "x://c", "name": "c" }], "nextCursor": null }),
        },
        "prompts/list" => json!({ "prompts": [{ "name": "p" }] }),
        "tools/call" => {
            let text = call(state, message["params"]["name"].as_str().unwrap_or_default(), arguments);
            json!({ "content": [{ "type": "text", "text": text }] })
        }
        // Templates too: it offers resources, but has never heard of those.
        _ => return ("error", json!({ "code": -32601, "message": "no such method" })),
    };
    ("result", result)
}

fn call(state: &mut State, name: &str, arguments: &Value) -> String {
    let number = |name: &str| arguments[name].as_u64().unwrap_or_default();
    match name {
        "pid" => return std::process::id().to_string(),
        "count" => {
            state.count += 1;
            return state.count.to_string();
        }
        "listed" => return state.listed.to_string(),
        "wait" => thread::sleep(Duration::from_millis(number("ms"))),
        // Says that the tools changed, whether or not they did.
        "change" => {
            state.edition += number("by");
            state.broken = arguments["broken"].as_bool().unwrap_or_default();
            for _ in 0..number("times") {
                notify("notifications/tools/list_changed");
            }
        }
        "flood" => {
            for _ in 0..number("count") {
                notify("notifications/tools/list_changed");
            }
        }
        "endless_line" => loop {
            write(&[b'x'; 64 * 1024]);
        },
        "endless_errors" => loop {
            let mut errors = io::stderr().lock();
            if errors.write_all("and again\n".repeat(1_000).as_bytes()).is_err() {
                std::process::exit(0);
            }
        },
        "grow" => state.ballast.push(ballast(number("mib"))),
        "grow_a_child" => {
            let program = std::env::current_exe().expect("this program");
            let child = Command::new(program).args(["hostile", "hold", &number("mib").to_string()]).spawn();
            return child.expect("a child").id().to_string();
        }
        _ => return "no such tool".to_owned(),
    }
    "done".to_owned()
}

/// Memory that is really there.
fn ballast(mib: u64) -> Vec<u8> {
    let bytes = usize::try_from(mib).expect("a size") * 1024 * 1024;
    (0..bytes).map(|n| u8::try_from(n / 4096 % 251).unwrap_or_default()).collect()
}
