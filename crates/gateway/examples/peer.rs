//! The child processes of the tests: the fixture server, a hostile one, and the supervisor in front
//! of them.

use std::process::ExitCode;

mod hostile;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some("supervise") => return gateway::reaper::run(&arguments[3..]),
        Some("hostile") => return hostile::run(&arguments[2..]),
        _ => {}
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(fixture::run(arguments))
}
