//! rmcp, the Rust SDK, as a client of the grid: streamable HTTP by its newest version, HTTP+SSE by the last one
//! that has it. The job is the first argument; what is told of it, and when, stands in `steps.py`.

mod newest;
mod sse;
mod steps;

use steps::{Job, Outcome};

#[tokio::main]
async fn main() -> Outcome {
    let text = std::env::args().nth(1).ok_or("the job is missing")?;
    let job: Job = serde_json::from_str(&text)?;
    match job.transport.as_str() {
        "sse" => steps::put_through::<sse::Client>(&job).await,
        _ => steps::put_through::<newest::Client>(&job).await,
    }
    Ok(())
}
