//! Sessions that do nothing, to be weighed.

use anyhow::Result;
use clap::Args;
use tokio::{
    io::{AsyncBufReadExt, BufReader, stdin},
    time::timeout,
};

use super::{Destination, Opened, PATIENCE, say, session::Session};

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    to: Destination,
    /// Each session keeps its stream open; otherwise none keeps a connection.
    #[arg(long)]
    streams: bool,
}

/// For each line that it reads, opens sessions until there are as many as the line says.
pub(crate) async fn run(options: Options) -> Result<()> {
    let mut streams = Vec::new();
    let mut opened = 0;
    let mut lines = BufReader::new(stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        let wanted: u32 = line.trim().parse()?;
        let mut trouble = None;
        while opened < wanted && trouble.is_none() {
            let open = async {
                // With it goes its connection.
                let session = Session::open(&options.to, opened, 0).await?;
                if options.streams {
                    streams.push(session.stand_by(options.to.address).await?);
                }
                anyhow::Ok(())
            };
            match timeout(PATIENCE, open).await {
                Ok(Ok(())) => opened += 1,
                Ok(Err(error)) => trouble = Some(format!("session {opened}: {error:#}")),
                Err(_) => trouble = Some(format!("session {opened}: no answer")),
            }
        }
        say(&trouble.map_or(Opened::Ready, Opened::Refused))?;
    }
    Ok(())
}
