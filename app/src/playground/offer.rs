//! A resource to read or a prompt to get: what is asked of the server besides tools.

use domain::{
    Action,
    offer::{OfferedPrompt, OfferedResource},
};
use leptos::prelude::*;
use serde_json::{Value, json};

use super::{deed::Deed, panel::Panel, template};
#[cfg(feature = "ssr")]
use crate::context::signed_in;
use crate::{
    error::AppError,
    i18n::{Offers, Playground},
    project::ProjectSource,
    server::api::get_server,
    ui::{Badge, Boundary, Callout, Tone, ViewerSource, hydrated},
};

/// A resource or template with this address.
#[server(prefix = "/_fn", endpoint = "playground/resource", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn get_resource(
    project: String,
    server: String,
    uri: String,
) -> Result<Option<OfferedResource>, AppError> {
    let (services, caller) = signed_in()?;
    Ok(services.servers().resource(&caller, &project, &server, &uri).await?)
}

#[server(prefix = "/_fn", endpoint = "playground/prompt", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn get_prompt(
    project: String,
    server: String,
    prompt: String,
) -> Result<Option<OfferedPrompt>, AppError> {
    let (services, caller) = signed_in()?;
    Ok(services.servers().prompt(&caller, &project, &server, &prompt).await?)
}

/// The form's schema, and what is said above it.
type Found = (Value, String, Option<String>);

/// None where the server lists no such thing any more.
async fn find(project: String, server: String, deed: Deed) -> Result<Option<Found>, AppError> {
    Ok(match deed {
        Deed::Tool { .. } => None,
        Deed::Prompt(name) => {
            let prompt = get_prompt(project, server, name).await?;
            prompt.map(|prompt| (prompt.schema(), prompt.description, None))
        }
        // What a tool's result links to need not be in the list.
        Deed::Resource(uri) => {
            let listed = get_resource(project, server, uri).await?.unwrap_or_default();
            let nothing = json!({ "type": "object", "properties": {} });
            Some((nothing, listed.description, listed.mime_type))
        }
        Deed::Template(uri) => {
            let listed = get_resource(project, server, uri.clone()).await?;
            listed.map(|listed| (template::schema(&uri), listed.description, listed.mime_type))
        }
    })
}

#[component]
pub fn TryOffer(server: Memo<String>, deed: Deed) -> impl IntoView {
    let (p, words) = (Playground::current(), Offers::current());
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let live = hydrated();
    let wanted = StoredValue::new(deed);
    let enabled = Resource::new(
        move || (project.name.get(), server.get()),
        |(project, server)| async move { get_server(project, server).await.map(|(server, _)| server.enabled) },
    );
    let listed = Resource::new(
        move || (project.name.get(), server.get()),
        move |(project, server)| find(project, server, wanted.get_value()),
    );
    view! {
        <div hidden=move || live.get()>
            <Callout tone=Tone::Info title=p.needs_script standing=true />
        </div>
        <Boundary load=move || {
            let (name, live) = (server.get(), live.get());
            async move {
                let (viewer, page) = (viewer.0.await?, project.page.await?);
                let (on, listed) = (enabled.await?, listed.await?);
                if !viewer.may(Action::ManageKeys, &page.project.resource()) {
                    return Ok(view! { <Callout tone=Tone::Info title=p.needs_role standing=true /> }.into_any());
                }
                if !on {
                    return Ok(view! { <Callout tone=Tone::Warn title=p.server_off standing=true /> }.into_any());
                }
                let Some((schema, description, mime_type)) = listed else {
                    return Ok(view! {
                        <Callout tone=Tone::Warn title=words.not_listed standing=true><p>{words.not_listed_next}</p></Callout>
                    }
                    .into_any());
                };
                let path = page.project.path();
                let url = format!("{}/projects/{path}/servers/{name}/mcp", page.public_url);
                let deed = wanted.get_value();
                Ok(view! {
                    <p class="mb-4 max-w-[720px] whitespace-pre-wrap break-words text-ink-muted empty:hidden">{description}</p>
                    {mime_type.map(|kind| view! { <p class="mb-4"><Badge label=kind /></p> })}
                    {live.then(|| view! { <Panel project=path url=url deed=deed schema=schema /> })}
                }
                .into_any())
            }
        } />
    }
}
