//! `sluice user`.

use anyhow::{Context, Result};
use domain::{SecretInput, account::SignUp};
use services::Caller;

use super::print_json;
use crate::{
    cli::UserAction,
    config::Config,
    demo,
    open::{Pending, explain, open},
};

pub(super) async fn run(config: &Config, action: UserAction) -> Result<()> {
    let services = open(config, Pending::AsConfigured).await?;
    match action {
        UserAction::Create { email, name, password_stdin: _, admin, json } => {
            let mut password = String::new();
            std::io::stdin().read_line(&mut password).context("no password on standard input")?;
            let name = name.unwrap_or_else(|| email.split('@').next().unwrap_or_default().to_owned());
            let sign_up =
                SignUp { email, name, password: SecretInput::new(password.trim_end_matches(['\r', '\n'])) };
            let user =
                services.accounts().create_user(&Caller::system(), sign_up, admin).await.map_err(explain)?;
            if json {
                return print_json(&user);
            }
            println!("{} {}", user.id, user.email);
        }
        UserAction::SignInLink { email } => {
            let token =
                services.accounts().issue_sign_in_link(&Caller::system(), &email).await.map_err(explain)?;
            println!("{}", demo::sign_in_url(&config.public_url()?, &token));
        }
    }
    Ok(())
}
