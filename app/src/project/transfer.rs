//! A project given to another organization: choose where to, read what changes, type its name.

use domain::project::Transfer;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{
    api::{TransferProject, find_homes, read_transfer},
    frame::ProjectSource,
};
use crate::{
    i18n::{TransferWords, text},
    ui::{
        Boundary, Callout, Card, DANGER_CLASS, EmptyState, FilterOffer, FormError, LinkButton, PLAIN_CLASS,
        PageHead, Submit, TextField, Tone, failure,
    },
};

#[component]
pub fn TransferPage() -> impl IntoView {
    let words = TransferWords::current();
    let source = ProjectSource::current();
    let query = use_query_map();
    let page = Resource::new(
        move || (source.name.get(), query.read().get("to").unwrap_or_default()),
        |(project, to)| read_transfer(project, to),
    );
    view! {
        <Title text=words.title />
        <PageHead title=words.title lead=words.lead />
        <Boundary load=move || async move {
            let (public_url, page) = (source.page.await?.public_url, page.await?);
            if page.homes.items.is_empty() {
                return Ok(view! {
                    <EmptyState title=words.nowhere body=words.nowhere_body>
                        <LinkButton href="/orgs">{text().organizations}</LinkButton>
                    </EmptyState>
                }
                .into_any());
            }
            let list = source.path("transfer");
            let plan = match page.plan {
                Some(Ok(plan)) => view! { <Plan plan=plan public_url=public_url to=page.to.clone() /> }.into_any(),
                Some(Err(error)) => {
                    let (title, next) = match error.fields.into_iter().next() {
                        Some(fault) => (fault.words.into(), None),
                        None => (error.words.sentence, Some(error.words.next_step)),
                    };
                    view! {
                        <Callout tone=Tone::Bad title=title>{next.map(|next| view! { <p>{next}</p> })}</Callout>
                    }
                    .into_any()
                }
                None => ().into_any(),
            };
            Ok(view! {
                <form class="flex gap-2 flex-wrap items-end mb-4" method="get" action=list>
                    <FilterOffer name="to" label=words.to value=page.to choices=page.homes find=|q| Box::pin(find_homes(q)) />
                    <button class=PLAIN_CLASS type="submit">{words.preview}</button>
                </form>
                {plan}
            }
            .into_any())
        } />
    }
}

#[component]
fn Plan(plan: Transfer, public_url: String, to: String) -> impl IntoView {
    let (t, words) = (text(), TransferWords::current());
    let action = ServerAction::<TransferProject>::new();
    let failed = failure(action);
    let by_id = format!("{public_url}/projects/{}/mcp", plan.id);
    let mut changes = vec![t.with(words.address_ends, &plan.from), t.with(words.address_new, &plan.to)];
    if !plan.teams.is_empty() {
        changes.push(t.with(words.teams_end, &plan.teams.join(", ")));
    }
    if !plan.lose.is_empty() {
        let lose = t.with(words.lose, &words.people(&plan.lose));
        changes.push(format!("{lose} {}", words.lose_hint));
    }
    if !plan.gain.is_empty() {
        changes.push(format!("{}{}", t.with(words.gain, &plan.new_organization), words.people(&plan.gain)));
    }
    let mut stays = vec![t.with(words.address_id, &by_id), words.members(plan.members)];
    if plan.keys > 0 {
        stays.push(words.keys(plan.keys));
    }
    if plan.invitations > 0 {
        stays.push(words.invitations(plan.invitations));
    }
    stays.push(words.along.to_owned());
    let list = |items: Vec<String>| {
        let items =
            items.into_iter().map(|item| view! { <li class="break-words">{item}</li> }).collect_view();
        view! { <ul class="list-disc pl-5 flex flex-col gap-1">{items}</ul> }
    };
    let back = format!("/projects/{}/settings", plan.from);
    view! {
        <div class="mt-4 max-w-[720px]">
            <Card title=words.changes>{list(changes)}</Card>
            <Card title=words.stays>{list(stays)}</Card>
            <FormError failure=failed apart=true />
            <ActionForm action=action>
                <div class="flex flex-col gap-3 max-w-[560px]">
                    <input type="hidden" name="project" value=plan.id.to_string() />
                    <input type="hidden" name="organization" value=to />
                    <TextField failure=failed name="confirm" label=t.with(t.type_name, &plan.from) required=true />
                    <div class="flex gap-2">
                        <Submit label=t.with(words.now, &plan.new_organization) pending=failed.pending class=DANGER_CLASS />
                        <LinkButton class=PLAIN_CLASS href=back>{t.cancel}</LinkButton>
                    </div>
                </div>
            </ActionForm>
        </div>
    }
}
