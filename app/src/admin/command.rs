//! Approved commands: the list, and one of them with its form, its servers and its end.

use domain::{
    Timestamp,
    command::{ApprovedCommand, CommandForm, CommandInput},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{
    command_api::{
        CommandDraft, DeleteCommand, WithdrawCommand, get_command, list_commands, read_command_draft,
    },
    command_form::CommandFields,
    frame::administrator,
};
use crate::{
    error::AppError,
    i18n::{Commands, text},
    ui::{
        Ago, BUTTON_CLASS, Badge, Boundary, CELL_CLASS, Callout, Card, DANGER_CLASS, Danger, EmptyState,
        FormError, LINK_CLASS, LinkButton, PageHead, ROW_CLASS, SHORT_CLASS, Submit, Table, Tone,
        ViewerSource, failure,
    },
};

#[component]
pub fn CommandsPage() -> impl IntoView {
    let (t, words) = (text(), Commands::current());
    let viewer = ViewerSource::current();
    let commands = Resource::new(|| (), |()| list_commands());
    let new =
        move || view! { <LinkButton class=BUTTON_CLASS href="/admin/commands/new">{words.new}</LinkButton> };
    view! {
        <Title text=words.commands />
        <Boundary load=move || async move {
            administrator(viewer).await?;
            let (commands, now) = commands.await?;
            let body = if commands.is_empty() {
                view! { <EmptyState title=words.empty body=words.empty_body /> }.into_any()
            } else {
                let columns = vec![t.name, t.command, words.state, t.updated];
                let rows = commands.into_iter().map(|command| row(command, now)).collect_view();
                view! { <Table label=words.commands columns=columns>{rows}</Table> }.into_any()
            };
            Ok(view! {
                <PageHead title=words.commands lead=words.lead>{new()}</PageHead>
                {body}
            }
            .into_any())
        } />
    }
}

fn row(command: ApprovedCommand, now: Timestamp) -> AnyView {
    let (t, words) = (text(), Commands::current());
    let href = format!("/admin/commands/{}", command.name);
    let line = line(&command);
    let state = if command.withdrawn { words.withdrawn } else { words.approved };
    view! {
        <tr class=ROW_CLASS>
            <td class=CELL_CLASS>
                <a class=LINK_CLASS href=href><span class="font-medium">{command.name}</span></a>
                <p class="text-ink-muted text-xs empty:hidden">{command.description}</p>
            </td>
            <td class=CELL_CLASS><code class="break-all text-xs">{line}</code></td>
            <td class=SHORT_CLASS><Badge label=state /></td>
            <td class=SHORT_CLASS data-label=t.updated>
                <span class="text-ink-muted"><Ago at=command.updated_at now=now /></span>
            </td>
        </tr>
    }
    .into_any()
}

/// The program with its arguments, holes as they are written.
#[must_use]
pub fn line(command: &ApprovedCommand) -> String {
    std::iter::once(command.program.as_str())
        .chain(command.args.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join(" ")
}

/// What was sent last, if WASM did not keep it.
fn draft_source() -> Resource<Result<Option<CommandDraft>, AppError>> {
    let query = use_query_map();
    Resource::new(
        move || query.read().get("draft"),
        |token| async move {
            match token {
                Some(token) => read_command_draft(token).await,
                None => Ok(None),
            }
        },
    )
}

#[component]
pub fn NewCommandPage() -> impl IntoView {
    let words = Commands::current();
    let viewer = ViewerSource::current();
    let draft = draft_source();
    view! {
        <Title text=words.new />
        <Boundary load=move || async move {
            administrator(viewer).await?;
            let draft = draft.await?;
            let (form, told) = split(draft, CommandForm::default());
            Ok(view! {
                <PageHead title=words.new lead=words.lead />
                <CommandFields command="" form=form told=told />
            }
            .into_any())
        } />
    }
}

fn split(draft: Option<CommandDraft>, stored: CommandForm) -> (CommandForm, Option<AppError>) {
    match draft {
        Some(draft) => (draft.form, Some(draft.error)),
        None => (stored, None),
    }
}

#[component]
pub fn CommandPage() -> impl IntoView {
    let (t, words) = (text(), Commands::current());
    let viewer = ViewerSource::current();
    let params = use_params_map();
    let name = Memo::new(move |_| params.read().get("command").unwrap_or_default());
    let draft = draft_source();
    let withdraw = ServerAction::<WithdrawCommand>::new();
    let withdrawn = failure(withdraw);
    let detail = Resource::new(move || (name.get(), withdraw.version().get()), |(name, _)| get_command(name));
    view! {
        <Boundary load=move || async move {
            administrator(viewer).await?;
            let (detail, draft) = (detail.await?, draft.await?);
            let command = detail.command;
            let (title, is_withdrawn) = (command.name.clone(), command.withdrawn);
            let (form, told) = split(draft, CommandForm::of(&input(&command)));
            let used = !detail.servers.is_empty();
            let servers = detail.servers.into_iter().map(|place| {
                let href = place.split_once('/').map(|(project, server)| format!("/projects/{project}/servers/{server}"));
                view! { <li><a class=LINK_CLASS href=href>{place}</a></li> }
            });
            let servers = servers.collect_view();
            let (act, class) = if is_withdrawn {
                (t.with(words.approve, &title), BUTTON_CLASS)
            } else {
                (t.with(words.withdraw, &title), DANGER_CLASS)
            };
            let (own, heading) = (title.clone(), t.with(words.edit, &title));
            let end = view! {
                <ActionForm action=withdraw>
                    <input type="hidden" name="command" value=own />
                    <input type="hidden" name="withdrawn" value=if is_withdrawn { "false" } else { "true" } />
                    <Submit label=act pending=withdrawn.pending class=class />
                </ActionForm>
            };
            Ok(view! {
                <Title text=title.clone() />
                <PageHead title=heading lead=words.follow />
                <FormError failure=withdrawn apart=true />
                {if is_withdrawn {
                    view! {
                        <div class="mb-6">
                            <Callout tone=Tone::Warn title=words.withdrawn standing=true>
                                <p class="mb-2">{words.approve_lead}</p>
                                {end}
                            </Callout>
                        </div>
                    }
                    .into_any()
                } else {
                    view! {
                        <div class="mb-6 flex flex-col gap-2 items-start">
                            {end}
                            <p class="text-ink-muted text-xs">{words.withdraw_lead}</p>
                        </div>
                    }
                    .into_any()
                }}
                <CommandFields command=title.clone() form=form told=told />
                <div class="mt-6">
                    <Card title=words.used>
                        {(!used).then(|| view! { <p class="text-ink-muted">{words.used_none}</p> })}
                        <ul class="flex flex-col gap-1">{servers}</ul>
                    </Card>
                    {if used {
                        view! { <p class="text-ink-muted text-xs">{words.delete_used}</p> }.into_any()
                    } else {
                        view! { <Removal command=title /> }.into_any()
                    }}
                </div>
            }
            .into_any())
        } />
    }
}

#[component]
fn Removal(command: String) -> impl IntoView {
    let (t, words) = (text(), Commands::current());
    let delete = ServerAction::<DeleteCommand>::new();
    let failed = failure(delete);
    let label = t.with(words.delete, &command);
    view! {
        <Danger label=label.clone() failure=failed>
            <p>{words.delete_lead}</p>
            <ActionForm action=delete>
                <input type="hidden" name="command" value=command />
                <Submit label=label pending=failed.pending class=DANGER_CLASS />
            </ActionForm>
            <FormError failure=failed />
        </Danger>
    }
}

fn input(command: &ApprovedCommand) -> CommandInput {
    CommandInput {
        name: command.name.clone(),
        description: command.description.clone(),
        program: command.program.clone(),
        args: command.args.clone(),
        working_directory: command.working_directory.clone(),
        holes: command.holes.clone(),
        variables: command.variables.clone(),
    }
}
