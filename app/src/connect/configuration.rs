//! What the client has to be told, to copy, to download, or to hand over by a link.

use domain::client::{Client, Configuration, Connection, Credential, Language, Os};
use leptos::prelude::*;

use crate::{
    i18n::{Connect, text},
    project::api::ProjectPage,
    ui::{BUTTON_CLASS, Card, CodeBlock, CopyButton, CopyField, Download, Facts},
};

#[component]
pub fn ShowConfiguration(
    client: Client,
    server: String,
    variable: bool,
    secret: Option<String>,
    page: ProjectPage,
) -> impl IntoView {
    let (t, c) = (text(), Connect::current());
    let path = page.project.path();
    let all = format!("{}/projects/{path}", page.public_url);
    let (base, name) = match server.as_str() {
        "" => (all, page.project.slug.as_str()),
        server => (format!("{all}/servers/{server}"), server),
    };
    let credential = match &secret {
        _ if page.project.open => Credential::None,
        _ if variable && client.takes_variable() => Credential::Variable,
        Some(secret) => Credential::Secret(secret),
        None => Credential::Placeholder,
    };
    let told = client.configuration(&Connection { base: &base, name, credential });
    let title = match told.language {
        Language::Shell => c.command,
        Language::Python => c.program,
        Language::Json | Language::Toml => c.configuration,
    };
    let file_name = told.file_name(client);
    let held = matches!(credential, Credential::Secret(_));
    // A link installs at once, so not with what only stands in for a key; VS Code asks for it.
    let complete = credential != Credential::Placeholder || client == Client::VsCode;
    let link = told.link.clone().filter(|_| complete).map(|href| {
        view! { <a class=BUTTON_CLASS href=href rel="external">{t.with(c.add_to, client.label())}</a> }
    });
    let command = client.file().map(|_| {
        let server = if server.is_empty() { String::new() } else { format!(" --server {server}") };
        let key = if page.project.open { "" } else { " --key-stdin" };
        let (url, client) = (&page.public_url, client.name());
        format!("sluice connect --url {url} --project {path}{server} --client {client}{key}")
    });
    view! {
        <Card title=title>
            <Places told=told.clone() />
            <CodeBlock code=told.text.clone() label=title />
            <div class="flex gap-2 flex-wrap">
                {link} <CopyButton value=told.text.clone() />
                <Download name=file_name text=told.text secret=held label=c.download />
            </div>
            <h3 class="mt-2 font-medium">{c.next}</h3>
            <p class="text-ink-muted">{c.next_step(client)}</p>
            {command
                .map(|command| {
                    view! {
                        <h3 class="mt-2 font-medium">{c.by_command}</h3>
                        <p class="text-ink-muted">{c.by_command_lead}</p>
                        <CopyField label=c.by_command value=command />
                    }
                })}
        </Card>
    }
}

/// Where the file is, by operating system.
#[component]
fn Places(told: Configuration) -> impl IntoView {
    let file = told.file?;
    let place = |os: Os| file.places(os).first().copied().unwrap_or_default();
    let everywhere = Os::ALL.into_iter().all(|os| place(os) == place(Os::Linux));
    let facts = if everywhere {
        vec![(Connect::current().file, place(Os::Linux))]
    } else {
        Os::ALL.map(|os| (os.label(), place(os))).to_vec()
    };
    let facts = facts
        .into_iter()
        .map(|(label, place)| (label, view! { <code class="break-all">{place}</code> }.into_any()))
        .collect();
    Some(view! { <Facts facts=facts /> })
}
