//! `/ui` in development builds: each component in every state that it has, to look at side by side.

use domain::{
    log::{Level, Outcome},
    project::Health,
    server::Status,
};
use leptos::prelude::*;

use super::{
    BUTTON_CLASS, Badge, Bar, BarChart, Boundary, Button, CELL_CLASS, Callout, Card, ChartWords, CheckField,
    CodeBlock, CopyButton, CopyField, DANGER_CLASS, Danger, Download, EmptyState, ErrorView, Facts, Failure,
    FilterBar, FilterChoice, FilterText, FormError, HealthBadge, Icon, JsonTree, LINK_CLASS, LevelBadge,
    LinkButton, OutcomeBadge, PLAIN_CLASS, PageHead, ROW_CLASS, SHORT_BUTTON_CLASS, Segments, SelectField,
    Shape, Sparkline, StatusBadge, Submit, Switch, Tab, Table, Tabs, TextArea, TextField, Tone,
};
use crate::error::{AppError, Fault, failed};

const LONG: &str = "a-name-that-somebody-thought-through-for-longer-than-anybody-will-want-to-read-it";

#[component]
pub fn Gallery() -> impl IntoView {
    view! {
        <main class="max-w-[1200px] mx-auto px-4 py-6">
            <PageHead title="Components" lead="Each in every state. Development builds only.">
                <LinkButton href="/">"Home"</LinkButton>
                <LinkButton class=BUTTON_CLASS href="/projects">
                    <Icon shape=Shape::Add />
                    "Primary action"
                </LinkButton>
            </PageHead>
            <Buttons />
            <Fields />
            <Notes />
            <Marks />
            <Lists />
            <Navigation />
            <Charts />
            <Texts />
        </main>
    }
}

#[component]
fn Row(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! {
        <div>
            <p class="mb-1 text-xs text-ink-muted">{label}</p>
            <div class="flex flex-wrap items-center gap-2">{children()}</div>
        </div>
    }
}

#[component]
fn Buttons() -> impl IntoView {
    view! {
        <Card title="Buttons">
            <Row label="Submit: primary, plain, dangerous, short">
                <Submit label="Create key" />
                <Submit label="Test" class=PLAIN_CLASS />
                <Submit label="Delete server" class=DANGER_CLASS />
                <Submit label="Save" class=SHORT_BUTTON_CLASS />
            </Row>
            <Row label="Pending: cannot be pressed twice">
                <Submit label="Create key" pending=Signal::stored(true) />
            </Row>
            <Row label="Button, link">
                <Button on_press=|| ()>"Format"</Button>
                <LinkButton href="/ui">"Import"</LinkButton>
                <CopyButton value="copied" />
                <Download name="config.json".to_owned() text="{}".to_owned() secret=false label="Download" />
            </Row>
            <Row label="Behind a disclosure">
                <Danger label="Delete">
                    <p>"What goes with it is said here."</p>
                    <Submit label="Delete github" class=DANGER_CLASS />
                </Danger>
            </Row>
            <Row label="Switch: on, off, pending">
                <Switch label="Enabled" on=true pending=Signal::stored(false) />
                <Switch label="Disabled" on=false pending=Signal::stored(false) />
                <Switch label="Pending" on=true pending=Signal::stored(true) />
            </Row>
        </Card>
    }
}

#[component]
fn Fields() -> impl IntoView {
    let fine = Failure::still("fine", None);
    let fault =
        |field: &str| Fault { field: field.to_owned(), words: failed!(Required).words.sentence.into_owned() };
    let error = AppError { fields: vec![fault("name"), fault("kind")], ..failed!(InvalidInput) };
    let wrong = Failure::still("wrong", Some(error));
    let options = || vec![("a".to_owned(), "First".to_owned()), ("b".to_owned(), LONG.to_owned())];
    view! {
        <Card title="Fields">
            <div class="grid md:grid-cols-2 gap-6">
                <div class="flex flex-col gap-3">
                    <TextField failure=fine name="name" label="Name" hint="Letters, digits and dashes." placeholder="github" />
                    <TextField failure=fine name="filled" label="Filled" value=LONG />
                    <TextField failure=fine name="secret" label="Secret" kind="password" />
                    <SelectField failure=fine name="kind" label="Kind" options=options() value="a" />
                    <TextArea failure=fine name="args" label="Arguments" value="-y\n@scope/server" hint="One a line." />
                    <CheckField failure=fine name="all" label="All servers" checked=true hint="Those added later too." />
                </div>
                <div class="flex flex-col gap-3">
                    <FormError failure=wrong />
                    <TextField failure=wrong name="name" label="Name" hint="Letters, digits and dashes." />
                    <SelectField failure=wrong name="kind" label="Kind" options=options() />
                    <CheckField failure=wrong name="all" label="All servers" checked=false />
                </div>
            </div>
        </Card>
    }
}

#[component]
fn Notes() -> impl IntoView {
    view! {
        <Card title="Notes">
            <Callout tone=Tone::Info title="The server is asleep." standing=true>
                <p>"The next call wakes it."</p>
            </Callout>
            <Callout tone=Tone::Ok title="Invited." standing=true />
            <Callout tone=Tone::Warn title="The key expires tomorrow." standing=true />
            <Callout tone=Tone::Bad title="The server could not be reached." standing=true>
                <p>"Check the address and that the server is running."</p>
            </Callout>
        </Card>
        <Card title="Empty, failed, loading">
            <EmptyState title="No servers yet" body="A server brings tools to the clients of this project.">
                <LinkButton class=BUTTON_CLASS href="/ui">"Add server"</LinkButton>
            </EmptyState>
            <ErrorView error=AppError { request_id: Some("0198".into()), ..failed!(ConnectFailed) } />
            // Never comes, as far as the page is concerned.
            <Waiting />
        </Card>
    }
}

/// The skeleton, which stands where something is read that does not come.
#[component]
fn Waiting() -> impl IntoView {
    let waits = LocalResource::new(std::future::pending::<()>);
    view! {
        <Boundary load=move || async move {
            waits.await;
            Ok(().into_any())
        } />
    }
}

#[component]
fn Marks() -> impl IntoView {
    let statuses =
        [Status::Ready, Status::Starting, Status::Idle, Status::Unknown, Status::Failed, Status::Disabled];
    let health = |working, failed, off| Health { working, failed, off };
    view! {
        <Card title="Marks">
            <Row label="Status">
                {statuses.map(|status| view! { <StatusBadge status=status /> }.into_any()).collect_view()}
            </Row>
            <Row label="Level">
                {Level::ALL.iter().map(|level| view! { <LevelBadge level=*level /> }).collect_view()}
            </Row>
            <Row label="Outcome">
                {Outcome::ALL.iter().map(|outcome| view! { <OutcomeBadge outcome=*outcome /> }).collect_view()}
            </Row>
            <Row label="Health">
                <HealthBadge health=health(8, 1, 2) />
                <HealthBadge health=health(0, 0, 0) />
            </Row>
            <Row label="Badge">
                <Badge label="Platform admin" />
            </Row>
            <Row label="Icons">
                {Shape::ALL
                    .iter()
                    .map(|shape| view! { <span class="p-2 border border-line rounded-md"><Icon shape=*shape /></span> })
                    .collect_view()}
            </Row>
        </Card>
    }
}

#[component]
fn Lists() -> impl IntoView {
    let row = |name: &'static str, status| {
        view! {
            <tr class=ROW_CLASS>
                <td class=CELL_CLASS>
                    <a class=LINK_CLASS href="/ui">{name}</a>
                </td>
                <td class=CELL_CLASS>
                    <StatusBadge status=status />
                </td>
                <td class=CELL_CLASS>"12"</td>
            </tr>
        }
    };
    view! {
        <Card title="List">
            <FilterBar action="/ui" clear=Some("/ui".to_owned())>
                <FilterText name="q" label="Search" value="git" />
                <FilterChoice name="status" label="Status" value="" options=vec![("ready".into(), "Ready".into())] />
            </FilterBar>
            <Table label="Servers" columns=vec!["Name", "Status", "Tools"]>
                {row("github", Status::Ready)}
                {row(LONG, Status::Failed)}
            </Table>
            <Facts facts=vec![
                ("Transport", view! { <span>"Streamable HTTP"</span> }.into_any()),
                ("Address", view! { <code class="break-all">{LONG}</code> }.into_any()),
            ] />
        </Card>
    }
}

#[component]
fn Navigation() -> impl IntoView {
    view! {
        <Card title="Navigation">
            <Tabs label="Tabs">
                <Tab href="/ui" label="Overview" current=true />
                <Tab href="/ui" label="Tools" current=false />
                <Tab href="/ui" label="Logs" current=false />
            </Tabs>
            <Segments
                label="View"
                items=vec![("/ui".into(), "Table", true), ("/ui".into(), "Cards", false)]
            />
        </Card>
    }
}

#[component]
fn Charts() -> impl IntoView {
    const WORDS: ChartWords = ChartWords {
        label: "Calls",
        when: "Hour",
        total: "calls",
        bad: "failed",
        most: "most",
        none: "No calls",
    };
    let bars = || {
        let bar = |hour: u64| Bar {
            label: format!("{hour:02}:00"),
            short: format!("{hour:02}"),
            total: (hour * 37) % 90,
            bad: hour % 5,
        };
        (0..24).map(bar).collect::<Vec<_>>()
    };
    view! {
        <Card title="Charts">
            <BarChart bars=bars() words=WORDS />
            <BarChart bars=vec![] words=WORDS />
            <Sparkline bars=bars() words=WORDS />
        </Card>
    }
}

#[component]
fn Texts() -> impl IntoView {
    // The failure above is shown, and did not happen.
    #[cfg(feature = "ssr")]
    crate::context::set_status(200);
    let value =
        serde_json::json!({ "content": [{ "type": "text", "text": "hello" }], "isError": false, "n": 3 });
    view! {
        <Card title="Code">
            <CopyField label="Endpoint" value="http://127.0.0.1:8080/projects/acme.payments/mcp" />
            <CodeBlock label="Command" code="npx -y @modelcontextprotocol/inspector --cli http://127.0.0.1:8080/projects/acme.payments/mcp" />
            <JsonTree label="Result" value=value />
        </Card>
    }
}
