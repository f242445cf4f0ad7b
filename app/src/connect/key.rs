//! The key of the client: made here, because none that exists can be shown again.

use domain::client::Client;
use leptos::prelude::*;

use super::api::{CreateClientKey, address};
use crate::{
    i18n::{Connect, text},
    key::page::lifetimes,
    project::ProjectSource,
    ui::{Callout, Card, CopyField, Failure, FormError, LINK_CLASS, SelectField, Submit, TextField, Tone},
};

/// `made` is name and secret; `names` are those that are taken.
#[component]
pub fn KeyCard(
    client: Client,
    server: String,
    variable: bool,
    made: Option<(String, String)>,
    names: Vec<String>,
    may: bool,
    action: ServerAction<CreateClientKey>,
    failure: Failure,
) -> impl IntoView {
    let (t, c) = (text(), Connect::current());
    let project = ProjectSource::current().name.get_untracked();
    let page = address(&project, client, &server);
    let other = client.takes_variable().then(|| {
        let (href, label) = match variable {
            true => (page.clone(), c.key_written),
            false => (format!("{page}&credential=variable"), c.key_variable),
        };
        view! { <p><a class=LINK_CLASS href=href>{label}</a></p> }
    });
    let body = match (made, may) {
        (Some((name, secret)), _) => view! {
            <Callout tone=Tone::Ok title=t.with(c.key_ready, &name)>
                <p class="mb-2">{c.key_once}</p>
                <CopyField label=t.secret value=secret />
            </Callout>
        }
        .into_any(),
        (None, true) => view! {
            <FormError failure=failure />
            <ActionForm action=action>
                <input type="hidden" name="project" value=project />
                <input type="hidden" name="client" value=client.name() />
                <input type="hidden" name="server" value=server />
                <div class="grid gap-3 md:grid-cols-[1fr_200px_auto] items-start">
                    <TextField failure=failure name="name" label=t.name value=free(client.label(), &names) required=true />
                    <SelectField
                        failure=failure
                        name="expires_in_days"
                        label=t.expires
                        options=lifetimes()
                        value="90"
                    />
                    <div class="md:pt-6">
                        <Submit label=t.with(c.key_create, client.label()) pending=failure.pending />
                    </div>
                </div>
            </ActionForm>
        }
        .into_any(),
        (None, false) => view! { <p class="text-ink-muted">{c.key_ask}</p> }.into_any(),
    };
    view! { <Card title=c.key lead=c.key_lead>{body} {other}</Card> }
}

/// The client's name, with a number if there is a key of that name.
fn free(label: &str, names: &[String]) -> String {
    let numbered = (2..).map(|n| format!("{label} {n}"));
    let mut wanted = std::iter::once(label.to_owned()).chain(numbered);
    wanted.find(|name| !names.contains(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_key_of_a_client_has_a_number() {
        let names: Vec<String> = ["ci", "Cursor", "Cursor 2"].map(str::to_owned).to_vec();
        assert_eq!(free("Cline", &names), "Cline");
        assert_eq!(free("Cursor", &names), "Cursor 3");
    }
}
