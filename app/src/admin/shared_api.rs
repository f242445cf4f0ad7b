//! Server functions of shared servers.

use domain::{
    Timestamp,
    server::ServerForm,
    shared::{SharedChoice, SharedServer, SharedServerDetail},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    context::{go, signed_in},
    server::api::answered,
};
use crate::{error::AppError, server::api::Tested};

#[server(prefix = "/_fn", endpoint = "shared/list", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn list_shared_servers() -> Result<(Vec<SharedServer>, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    Ok((services.shared_servers().list(&caller).await?, services.clock().now()))
}

#[server(prefix = "/_fn", endpoint = "shared/get", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn get_shared_server(shared: String) -> Result<SharedServerDetail, AppError> {
    let (services, caller) = signed_in()?;
    Ok(services.shared_servers().get(&caller, &shared).await?)
}

/// Those that a project may use.
#[server(prefix = "/_fn", endpoint = "shared/choices", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn shared_server_choices(project: String) -> Result<Vec<SharedChoice>, AppError> {
    let (services, caller) = signed_in()?;
    Ok(services.shared_servers().choices(&caller, &project).await?)
}

/// Tests what the form describes, or shares it: one form, two buttons. An empty `shared` makes a new one.
#[server(prefix = "/_fn", endpoint = "shared/save", output = crate::codec::Json)]
pub async fn save_shared_server(
    #[server(default)] shared: String,
    form: ServerForm,
    #[server(default)] intent: String,
) -> Result<Option<Tested>, AppError> {
    let (services, caller) = signed_in()?;
    let existing = Some(shared.as_str()).filter(|shared| !shared.is_empty());
    let servers = services.shared_servers();
    let sent = form.clone();
    let outcome = async {
        let input = form.input()?;
        if intent == "test" {
            let transport = input.transport;
            let report = servers.test(&caller, existing, input).await?;
            return Ok::<_, domain::Error>(Some(Tested::new(report, transport)));
        }
        let saved = match existing {
            Some(shared) => servers.update(&caller, shared, input).await?,
            None => servers.create(&caller, input).await?,
        };
        go(&format!("/admin/servers/{}", saved.definition.name));
        Ok(None)
    };
    let outcome = outcome.await.map_err(AppError::from);
    answered(&services, &caller, sent, outcome, &format!("/admin/servers/{}", existing.unwrap_or("new")))
}

#[server(prefix = "/_fn", endpoint = "shared/withdraw", output = crate::codec::Json)]
pub async fn withdraw_shared_server(shared: String, withdrawn: bool) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.shared_servers().set_withdrawn(&caller, &shared, withdrawn).await?;
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "shared/delete", output = crate::codec::Json)]
pub async fn delete_shared_server(shared: String) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.shared_servers().delete(&caller, &shared).await?;
    go("/admin/servers");
    Ok(())
}
