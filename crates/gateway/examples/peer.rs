//! The child processes of the tests: the fixture server, and the supervisor in front of it.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(("supervise", command)) = arguments.split_first().map(|(first, rest)| (first.as_str(), rest))
    {
        return gateway::reaper::run(&command[1..]);
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(fixture::run(&arguments));
    // Standard input may still be read by a thread that cannot be stopped.
    std::process::exit(0);
}
