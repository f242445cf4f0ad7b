//! What is wrong with a server and what to do about it: the same words on its page, beside a test and
//! in lists.

use domain::{
    Code,
    server::{Cause, ListState, Server, Transport},
};
use leptos::prelude::*;

use super::{
    api::{RunServer, SaveServer},
    remedy::{Door, Step, of_shared, plan, root},
};
use crate::{
    admin::shared_api::SaveSharedServer,
    context::Preferences,
    i18n::{Remedy, text},
    ui::{Callout, CodeBlock, CopyButton, LINK_CLASS, SHORT_BUTTON_CLASS, Tone, encode, field_id, prose},
};

/// Where the doors of the steps are.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// Around the page of a saved server, for who may change it or only look.
    Server { project: String, server: String, may: bool, shared: bool },
    /// In the form that this stands in.
    Form,
    /// In the administrators' form of a shared server.
    SharedForm,
    /// Nowhere here: in the form of a server that is of a shared one.
    Elsewhere,
}

impl Place {
    #[must_use]
    pub fn of(project: &str, server: &Server, may: bool) -> Self {
        Place::Server {
            project: project.to_owned(),
            server: server.name.clone(),
            may,
            shared: server.shared.is_some(),
        }
    }
}

/// What happened, why, and what to do; then what the process wrote last.
#[component]
pub fn Trouble(
    code: Code,
    detail: Option<String>,
    stderr: Vec<String>,
    transport: Transport,
    place: Place,
) -> impl IntoView {
    let locale = Preferences::current().locale;
    let given_up = (code == Code::UpstreamDown).then(|| view! { <p>{locale.sentence(code)}</p> });
    let (code, detail) = root(code, detail);
    view! {
        <Callout tone=Tone::Bad title=locale.sentence(code)>
            {detail.map(|detail| view! { <p>{prose(&detail)}</p> })}
            {given_up.filter(|_| code != Code::UpstreamDown)}
            <Reason code=code cause=Cause::of(&stderr) transport=transport place=place />
            {(!stderr.is_empty()).then(|| view! { <Output lines=stderr /> })}
        </Callout>
    }
}

/// What is wrong with a server, in one sentence, and what is particular to it.
#[must_use]
pub fn summary(server: &Server) -> Option<(Code, Option<String>)> {
    Some(root(server.state.code?, server.state.detail.clone()))
}

/// Why it usually happens, or what the process said of it, and the steps.
#[component]
pub fn Reason(code: Code, cause: Option<Cause>, transport: Transport, place: Place) -> impl IntoView {
    let (words, locale) = (Remedy::current(), Preferences::current().locale);
    let why = cause.as_ref().map_or_else(|| words.why(code).to_owned(), |cause| words.cause(cause));
    let mut steps = plan(code, cause.as_ref(), transport);
    if matches!(place, Place::Elsewhere | Place::Server { shared: true, .. }) {
        steps = of_shared(steps);
    }
    if !matches!(place, Place::Server { .. }) {
        // The form is where it would be done already.
        steps.retain(|step| !matches!(step.door(), Door::Restart | Door::Enable | Door::Log));
    }
    let next = steps.is_empty().then(|| locale.next_step(code));
    let steps =
        steps.into_iter().map(|step| view! { <StepItem step=step place=place.clone() /> }).collect_view();
    view! {
        {(!why.is_empty()).then(|| view! { <p>{prose(&why)}</p> })}
        {match next {
            Some(next) => view! { <p>{next}</p> }.into_any(),
            None => {
                view! {
                    <p class="mt-2 font-medium text-ink">{words.what_to_do}</p>
                    <ol class="pl-6 flex flex-col gap-1 list-decimal">{steps}</ol>
                }
                .into_any()
            }
        }}
    }
}

#[component]
fn StepItem(step: Step, place: Place) -> impl IntoView {
    let (sentence, label) = Remedy::current().step(step);
    view! {
        <li class="pl-1">
            {prose(sentence)}
            " "
            <Way step=step label=label place=place />
        </li>
    }
}

/// The link or the button of a step. Links work for everybody; what changes something is for who may.
#[component]
fn Way(step: Step, label: &'static str, place: Place) -> impl IntoView {
    let link = |href: String| view! { <a class=LINK_CLASS href=href>{label}</a> }.into_any();
    let id = match place {
        Place::SharedForm => field_id::<SaveSharedServer>,
        _ => field_id::<SaveServer>,
    };
    let Place::Server { project, server, may, .. } = place else {
        return match step.door() {
            Door::Field(field) => link(format!("#{}", id(field))),
            Door::Output => link("#output".to_owned()),
            _ => ().into_any(),
        };
    };
    let here = format!("/projects/{project}/servers/{server}");
    match step.door() {
        Door::Output => link(format!("{here}#output")),
        Door::Log => link(format!("/projects/{project}/logs?server={}&level=warning", encode(&server))),
        Door::Field(field) if may => link(format!("{here}/settings#{}", id(field))),
        Door::Restart | Door::Enable if may => {
            let run = if step.door() == Door::Enable { "enable" } else { "restart" };
            view! { <RunNow project=project server=server run=run label=label /> }.into_any()
        }
        _ => ().into_any(),
    }
}

/// `run` is what [`super::api::run_server`] is to do.
#[component]
fn RunNow(project: String, server: String, run: &'static str, label: &'static str) -> impl IntoView {
    let action = ServerAction::<RunServer>::new();
    let pending = action.pending();
    view! {
        <ActionForm action=action attr:class="inline">
            <input type="hidden" name="project" value=project />
            <input type="hidden" name="server" value=server />
            <input type="hidden" name="run" value=run />
            <button class=SHORT_BUTTON_CLASS type="submit" disabled=move || pending.get()>{label}</button>
        </ActionForm>
    }
}

/// The last lines that a process wrote to standard error.
#[component]
pub fn Output(lines: Vec<String>) -> impl IntoView {
    let words = Remedy::current();
    let text = lines.join("\n");
    view! {
        <div class="mt-3" id="output">
            <div class="mb-1 flex items-center justify-between gap-2">
                <p class="font-medium text-ink">{words.output}</p>
                <CopyButton value=text.clone() />
            </div>
            <CodeBlock code=text label=words.output />
        </div>
    }
}

/// Lists that could not be read although the server is there.
#[component]
pub fn PartLists(lists: Vec<ListState>, transport: Transport, place: Place) -> impl IntoView {
    let (t, words) = (text(), Remedy::current());
    let failed: Vec<_> = lists.into_iter().filter_map(|list| Some((list.code?, list))).collect();
    let first = failed.first().map(|(code, _)| *code);
    let rows = failed
        .into_iter()
        .map(|(code, list)| {
            let said = list.detail.unwrap_or_else(|| t.locale.sentence(code).to_owned());
            view! { <li>{words.list(list.kind)} ": " {said}</li> }
        })
        .collect_view();
    first.map(|code| {
        view! {
            <div class="mb-6">
                <Callout tone=Tone::Warn title=words.lists_partly standing=true>
                    <ul>{rows}</ul>
                    <Reason code=code cause=None transport=transport place=place />
                </Callout>
            </div>
        }
    })
}
