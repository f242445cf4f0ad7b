//! Server functions of approved commands.

use domain::{
    Timestamp,
    command::{ApprovedCommand, CommandDetail, CommandForm},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::{go, is_plain_form, signed_in},
    draft,
};

#[server(prefix = "/_fn", endpoint = "commands/list", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn list_commands() -> Result<(Vec<ApprovedCommand>, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    Ok((services.commands().list(&caller).await?, services.clock().now()))
}

#[server(prefix = "/_fn", endpoint = "commands/get", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn get_command(command: String) -> Result<CommandDetail, AppError> {
    let (services, caller) = signed_in()?;
    Ok(services.commands().get(&caller, &command).await?)
}

/// Those that the servers of a project may be of.
#[server(prefix = "/_fn", endpoint = "commands/choices", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn command_choices(project: String) -> Result<Vec<ApprovedCommand>, AppError> {
    let (services, caller) = signed_in()?;
    Ok(services.commands().choices(&caller, &project).await?)
}

/// The command of a server, withdrawn or not.
#[server(prefix = "/_fn", endpoint = "commands/of-server", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn command_of_server(project: String, server: String) -> Result<Option<ApprovedCommand>, AppError> {
    let (services, caller) = signed_in()?;
    Ok(services.commands().of_server(&caller, &project, &server).await?)
}

/// The form as it was sent, with what was wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommandDraft {
    pub form: CommandForm,
    pub error: AppError,
}

/// Approves a command, or changes the one that `command` names.
#[server(prefix = "/_fn", endpoint = "commands/save", output = crate::codec::Json)]
pub async fn save_command(#[server(default)] command: String, form: CommandForm) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    let commands = services.commands();
    let input = form.clone().input();
    let saved = match command.as_str() {
        "" => commands.create(&caller, input).await,
        command => commands.update(&caller, command, input).await,
    };
    match saved {
        Ok(saved) => {
            go(&format!("/admin/commands/{}", saved.name));
            Ok(())
        }
        Err(error) if is_plain_form() => {
            let token = draft::put(&services, &caller, &CommandDraft { form, error: error.into() });
            let page = if command.is_empty() { "new" } else { &command };
            go(&format!("/admin/commands/{page}?draft={token}"));
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

#[server(prefix = "/_fn", endpoint = "commands/draft", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn read_command_draft(token: String) -> Result<Option<CommandDraft>, AppError> {
    let (services, caller) = signed_in()?;
    Ok(draft::get(&services, &caller, &token))
}

#[server(prefix = "/_fn", endpoint = "commands/withdraw", output = crate::codec::Json)]
pub async fn withdraw_command(command: String, withdrawn: bool) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.commands().set_withdrawn(&caller, &command, withdrawn).await?;
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "commands/delete", output = crate::codec::Json)]
pub async fn delete_command(command: String) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.commands().delete(&caller, &command).await?;
    go("/admin/commands");
    Ok(())
}
