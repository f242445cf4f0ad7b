//! The child processes of the tests: the fixture server, and the supervisor in front of it.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.get(1).is_some_and(|first| first == "supervise") {
        return gateway::reaper::run(&arguments[3..]);
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(fixture::run(arguments))
}
