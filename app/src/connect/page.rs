//! From a client's name to its first call, on one page whose state is its address.

use domain::{Action, client::Client};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{
    api::{CreateClientKey, address},
    check::LiveCheck,
    configuration::ShowConfiguration,
    key::KeyCard,
    target::Target,
};
use crate::{
    i18n::{Connect, text},
    key::api::{list_keys, take_created_key},
    project::ProjectSource,
    server::api::list_servers,
    ui::{Boundary, PageHead, ViewerSource, failure},
};

/// What the address says, and the key that was just made.
#[derive(Clone, Copy)]
pub struct Choice {
    pub client: Memo<Client>,
    /// Empty: all servers as one.
    pub server: Memo<String>,
    /// Whether the key is to come from a variable.
    pub variable: Memo<bool>,
    /// The name of the key to wait for.
    pub key: Memo<String>,
}

/// Whichever came last is waited for: the key that the address names, or the one that was made.
#[derive(Clone, PartialEq)]
struct Waited {
    asked: Option<String>,
    made: Option<String>,
    key: String,
}

#[component]
pub fn ConnectPage() -> impl IntoView {
    let c = Connect::current();
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let query = use_query_map();
    let said = move |name: &'static str| query.read().get(name).unwrap_or_default();
    let create = ServerAction::<CreateClientKey>::new();
    let failed = failure(create);
    // Name and secret; a failure that follows does not take them back.
    let fresh = Memo::new(move |before: Option<&Option<(String, String)>>| {
        let made = create.value().with(|value| {
            let made = value.as_ref()?.as_ref().ok()?.as_ref()?;
            Some((made.key.name.clone(), made.secret.expose_secret().to_owned()))
        });
        made.or_else(|| before.cloned().flatten())
    });
    let waited = Memo::new(move |before: Option<&Waited>| {
        let (asked, made) = (query.read().get("key"), fresh.get().map(|(name, _)| name));
        let key = match before {
            Some(before) if before.made != made => made.clone(),
            Some(before) if before.asked != asked => asked.clone(),
            Some(before) => Some(before.key.clone()),
            None => asked.clone().or(made.clone()),
        };
        Waited { asked, made, key: key.unwrap_or_default() }
    });
    let choice = Choice {
        client: Memo::new(move |_| Client::parse(&said("client")).unwrap_or(Client::Cline)),
        server: Memo::new(move |_| said("server")),
        variable: Memo::new(move |_| said("credential") == "variable"),
        key: Memo::new(move |_| waited.with(|waited| waited.key.clone())),
    };
    let servers = Resource::new(move || project.name.get(), list_servers);
    let told = Resource::new(
        move || query.read().get("created"),
        |token| async move {
            match token {
                Some(token) => take_created_key(token).await,
                None => Ok(None),
            }
        },
    );
    // Reporters may not read the names of keys, and need none.
    let keys = Resource::new(
        move || (project.name.get(), create.version().get()),
        |(project, _)| async move {
            list_keys(project, String::new(), String::new()).await.map(|list| list.keys).unwrap_or_default()
        },
    );
    view! {
        <Title text=text().connect />
        <PageHead title=text().connect lead=c.lead />
        <Clients choice=choice />
        <Boundary load=move || async move {
            let (servers, _) = servers.await?;
            let names: Vec<_> = servers.into_iter().filter(|server| server.enabled).map(|server| server.name).collect();
            Ok(view! { <Target names=names choice=choice /> }.into_any())
        } />
        <Boundary load=move || {
            let (client, variable, fresh) = (choice.client.get(), choice.variable.get(), fresh.get());
            let server = choice.server.get();
            async move {
                let (viewer, page) = (viewer.0.await?, project.page.await?);
                let told = told.await?.map(|told| (told.key.name, told.secret.expose_secret().to_owned()));
                let (servers, _) = servers.await?;
                let known = servers.iter().any(|one| one.enabled && one.name == server);
                let server = if known { server } else { String::new() };
                let secret = fresh.or(told);
                let may = viewer.may(Action::ManageKeys, &page.project.resource());
                let names = keys.await.into_iter().map(|key| key.name).collect();
                Ok(view! {
                    {page.project.open.then(|| view! { <p class="mb-6 text-ink-muted">{c.open_project}</p> })}
                    {(!page.project.open)
                        .then(|| {
                            view! {
                                <KeyCard
                                    client=client
                                    server=server.clone()
                                    variable=variable
                                    made=secret.clone()
                                    names=names
                                    may=may
                                    action=create
                                    failure=failed
                                />
                            }
                        })}
                    <ShowConfiguration
                        client=client
                        server=server
                        variable=variable
                        secret=secret.map(|(_, secret)| secret)
                        page=page
                    />
                }
                .into_any())
            }
        } />
        <LiveCheck choice=choice keys=keys />
    }
}

/// One link for each client.
#[component]
fn Clients(choice: Choice) -> impl IntoView {
    let c = Connect::current();
    let project = ProjectSource::current();
    let links = Client::ALL
        .iter()
        .map(|client| {
            view! {
                <a
                    class="inline-flex items-center h-8 px-3 rounded-md border border-line bg-surface-raised text-ink no-underline whitespace-nowrap hover:bg-surface-sunken aria-[current=true]:border-accent aria-[current=true]:bg-accent-soft aria-[current=true]:font-medium"
                    href=move || address(&project.name.get(), *client, &choice.server.get())
                    aria-current=move || (choice.client.get() == *client).then_some("true")
                >
                    {client.label()}
                </a>
            }
        })
        .collect_view();
    view! {
        <nav class="flex gap-2 flex-wrap mb-4" aria-label=c.clients>
            {links}
        </nav>
    }
}
