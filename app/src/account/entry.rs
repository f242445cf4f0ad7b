//! Pages for people who are not signed in.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::api::{SetUp, SignIn, SignInWithLink, SignUp, peek_link, peek_set_up, read_entrance};
use crate::{
    i18n::text,
    ui::{Boundary, Callout, Failure, FormError, Plain, Submit, TextField, Tone, failure},
};

const FORM_CLASS: &str = "flex flex-col gap-4";

/// A value of the page's address.
fn from_query(name: &'static str) -> String {
    use_query_map().with_untracked(|query| query.get(name)).unwrap_or_default()
}

#[component]
pub fn SignInPage() -> impl IntoView {
    let t = text();
    let action = ServerAction::<SignIn>::new();
    let failure = failure(action);
    let entrance = Resource::new(|| (), |()| read_entrance());
    let next = from_query("next");
    view! {
        <Title text=t.sign_in />
        <Plain title=t.sign_in>
            <ActionForm action=action>
                <div class=FORM_CLASS>
                    <FormError failure=failure />
                    <input type="hidden" name="next" value=next />
                    <TextField failure=failure name="email" label=t.email kind="email" autocomplete="username" required=true />
                    <TextField
                        failure=failure
                        name="password"
                        label=t.password
                        kind="password"
                        autocomplete="current-password"
                        required=true
                    />
                    <Submit label=t.sign_in pending=failure.pending />
                </div>
            </ActionForm>
            <Boundary load=move || async move {
                let entrance = entrance.await?;
                Ok(if entrance.sign_up_open {
                    view! {
                        <p class="text-ink-muted">
                            {t.no_account} " " <a class="text-accent underline" href="/sign-up">{t.sign_up}</a>
                        </p>
                    }
                        .into_any()
                } else {
                    view! { <p class="text-ink-muted text-xs">{t.sign_up_closed}</p> }.into_any()
                })
            } />
        </Plain>
    }
}

/// What a new account needs.
#[component]
pub fn AccountFields(failure: Failure, #[prop(optional, into)] email: String) -> impl IntoView {
    let t = text();
    view! {
        <TextField failure=failure name="name" label=t.your_name autocomplete="name" required=true />
        <TextField
            failure=failure
            name="email"
            label=t.email
            kind="email"
            autocomplete="username"
            value=email
            required=true
        />
        <TextField
            failure=failure
            name="password"
            label=t.password
            hint=t.password_hint
            kind="password"
            autocomplete="new-password"
            required=true
        />
    }
}

#[component]
pub fn SignUpPage() -> impl IntoView {
    let t = text();
    let entrance = Resource::new(|| (), |()| read_entrance());
    let action = ServerAction::<SignUp>::new();
    let failure = failure(action);
    view! {
        <Title text=t.sign_up />
        <Plain title=t.sign_up>
            <Boundary load=move || async move {
                if !entrance.await?.sign_up_open {
                    return Ok(view! { <Callout tone=Tone::Info title=t.sign_up_closed /> }.into_any());
                }
                Ok(view! {
                    <ActionForm action=action>
                        <div class=FORM_CLASS>
                            <FormError failure=failure />
                            <AccountFields failure=failure />
                            <Submit label=t.sign_up pending=failure.pending />
                        </div>
                    </ActionForm>
                }
                .into_any())
            } />
            <p class="text-ink-muted">
                {t.have_account} " " <a class="text-accent underline" href="/sign-in">{t.sign_in}</a>
            </p>
        </Plain>
    }
}

#[component]
pub fn SetUpPage() -> impl IntoView {
    let t = text();
    let token = StoredValue::new(from_query("token"));
    let valid = Resource::new(|| (), move |()| peek_set_up(token.get_value()));
    let action = ServerAction::<SetUp>::new();
    let failure = failure(action);
    view! {
        <Title text=t.set_up />
        <Plain title=t.set_up>
            <Boundary load=move || async move {
                valid.await?;
                Ok(view! {
                    <p class="text-ink-muted">{t.set_up_lead}</p>
                    <ActionForm action=action>
                        <div class=FORM_CLASS>
                            <FormError failure=failure />
                            <input type="hidden" name="token" value=token.get_value() />
                            <AccountFields failure=failure />
                            <Submit label=t.set_up_submit pending=failure.pending />
                        </div>
                    </ActionForm>
                }
                .into_any())
            } />
        </Plain>
    }
}

/// Shows whom the link signs in and asks for a press: opening an address must not use it up, because
/// mail scanners and previews open addresses too.
#[component]
pub fn LinkPage() -> impl IntoView {
    let t = text();
    let token = StoredValue::new(from_query("token"));
    let person = Resource::new(|| (), move |()| peek_link(token.get_value()));
    let action = ServerAction::<SignInWithLink>::new();
    let failure = failure(action);
    view! {
        <Title text=t.sign_in />
        <Plain title=t.sign_in>
            <Boundary load=move || async move {
                let (name, email) = person.await?;
                Ok(view! {
                    <p class="font-medium">{name.clone()}</p>
                    <p class="text-ink-muted">{email}</p>
                    <p class="text-ink-muted text-xs">{t.link_lead}</p>
                    <ActionForm action=action>
                        <div class=FORM_CLASS>
                            <FormError failure=failure />
                            <input type="hidden" name="token" value=token.get_value() />
                            <Submit label=t.sign_in_as(&name) pending=failure.pending />
                        </div>
                    </ActionForm>
                }
                .into_any())
            } />
        </Plain>
    }
}
