//! The pages by the part of the program that they come in. A browser fetches a part when one of its
//! pages opens first, so the first page costs the frame and its own part, not the whole console.

use std::pin::Pin;

use leptos::{prelude::*, wasm_split::SplitLoaderError};
use leptos_router::ChooseView;

/// A page, or what else comes with a part. One type for all of them, so that the router's code for a
/// view is in the program once.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    part: &'static Part,
    place: u8,
}

struct Part {
    #[cfg(feature = "ssr")]
    name: &'static str,
    show: fn(u8) -> Loading<Result<fn() -> AnyView, SplitLoaderError>>,
    fetch: fn() -> Loading<Result<(), SplitLoaderError>>,
}

type Loading<T> = Pin<Box<dyn Future<Output = T>>>;

impl Page {
    /// What makes its view, as soon as its part is here. If its file is not there any more because a
    /// newer Sluice serves by now, the address is loaded as a document, which brings the newer program.
    pub(crate) async fn load(self) -> fn() -> AnyView {
        #[cfg(feature = "ssr")]
        leptos::prefetch_lazy_fn_on_server(self.part.name);
        match (self.part.show)(self.place).await {
            Ok(view) => view,
            Err(_) => anew().await,
        }
    }
}

#[cfg(feature = "hydrate")]
impl Page {
    /// Fetches its part, which will probably be wanted soon.
    pub(crate) fn expect(self) {
        leptos::task::spawn_local(async move {
            // Whoever needs it asks again.
            let _ = (self.part.fetch)().await;
        });
    }
}

impl ChooseView for Page {
    async fn choose(self) -> AnyView {
        let view = self.load().await;
        view()
    }

    async fn preload(&self) {
        // What is taken over has to be there at once, so this is the time to notice that it is not.
        if (self.part.fetch)().await.is_err() {
            anew().await
        }
    }
}

/// Declares parts: each is a module with its pages, and one file of WASM.
macro_rules! parts {
    ($($part:ident { $($page:ident = $view:path),+ $(,)? })+) => {
        /// The names of all parts: of their files as well.
        pub const PARTS: &[&str] = &[$(stringify!($part)),+];
        $(pub(crate) mod $part {
            use leptos::{prelude::*, wasm_split::SplitLoaderError};

            use super::{Page, Part};

            #[derive(Clone, Copy)]
            #[repr(u8)]
            #[allow(clippy::upper_case_acronyms, non_camel_case_types, reason = "the pages' names")]
            enum Place { $($page),+ }

            $(pub(crate) const $page: Page = Page { part: &PART, place: Place::$page as u8 };)+

            const PART: Part = Part {
                #[cfg(feature = "ssr")]
                name: stringify!($part),
                show: |place| Box::pin(show(place)),
                fetch: || Box::pin(fetch()),
            };

            /// The one way into this part: what only it reaches goes into its file.
            #[::leptos::wasm_split::wasm_split(
                $part, wasm_split_path = ::leptos::wasm_split, preload(fetch), fallible
            )]
            fn show(place: u8) -> Result<fn() -> AnyView, SplitLoaderError> {
                $(if place == Place::$page as u8 {
                    return Ok(|| view! { <$view /> }.into_any());
                })+
                unreachable!("a page of another part")
            }
        })+
    };
}

parts! {
    entry {
        SIGN_IN = crate::account::SignInPage,
        SIGN_UP = crate::account::SignUpPage,
        SET_UP = crate::account::SetUpPage,
        LINK = crate::account::LinkPage,
        INVITATION = crate::invitation::InvitationPage,
    }
    account { ACCOUNT = crate::account::AccountPage }
    home { HOME = crate::home::HomePage }
    projects { LIST = crate::project::ListPage }
    new_project { NEW = crate::project::NewPage }
    organizations { LIST = crate::organization::ListPage }
    organization {
        PROJECTS = crate::organization::project::ProjectsPage,
        MEMBERS = crate::organization::member::MembersPage,
        ACTIVITY = crate::organization::activity::ActivityPage,
        USAGE = crate::organization::usage::UsagePage,
        SETTINGS = crate::organization::settings::SettingsPage,
    }
    templates { LIST = crate::template::TemplatesPage }
    teams { LIST = crate::team::TeamsPage, DETAIL = crate::team::TeamPage }
    admin {
        FRAME = crate::admin::AdminFrame,
        USERS = crate::admin::UsersPage,
        ORGANIZATIONS = crate::admin::OrganizationsPage,
        AUDIT = crate::admin::AuditPage,
        SYSTEM = crate::admin::SystemPage,
        JOBS = crate::admin::JobsPage,
    }
    commands {
        LIST = crate::admin::CommandsPage,
        NEW = crate::admin::NewCommandPage,
        DETAIL = crate::admin::CommandPage,
    }
    shared_servers { LIST = crate::admin::SharedServersPage }
    search { SEARCH = crate::search::SearchPage }
    palette { PALETTE = crate::search::PaletteList, FINDER = crate::search::Finder }
    overview { OVERVIEW = crate::project::OverviewPage }
    servers { LIST = crate::server::ListPage }
    server { OVERVIEW = crate::server::OverviewPage }
    server_tools { TOOLS = crate::server::ToolsPage }
    server_offers { RESOURCES = crate::server::ResourcesPage, PROMPTS = crate::server::PromptsPage }
    server_logs { LOGS = crate::server::LogsPage }
    server_copy { COPY = crate::server::CopyPage }
    server_form {
        NEW = crate::server::NewPage,
        SETTINGS = crate::server::SettingsPage,
        SHARED_NEW = crate::admin::NewSharedServerPage,
        SHARED = crate::admin::SharedServerPage,
    }
    history { HISTORY = crate::server::HistoryPage }
    playground { TRY = crate::playground::TryPage }
    tools { TOOLS = crate::tool::ToolsPage }
    members { MEMBERS = crate::member::MembersPage }
    keys { LIST = crate::key::KeysPage, NEW = crate::key::NewPage, EDIT = crate::key::EditPage }
    logs { LIST = crate::log::LogsPage, DETAIL = crate::log::DetailPage }
    activity { ACTIVITY = crate::activity::ActivityPage }
    connect { CONNECT = crate::connect::ConnectPage }
    settings { SETTINGS = crate::project::SettingsPage, TRANSFER = crate::project::TransferPage }
    import { IMPORT = crate::project::ImportPage }
}

/// For ever, as far as the present document is concerned.
async fn anew<T>() -> T {
    #[cfg(feature = "hydrate")]
    load_document();
    std::future::pending().await
}

/// While the first page is taken over, nothing is loaded again: what the server sent stays, and works
/// by plain links and forms. Loading would end in a circle if the file is kept from this browser.
#[cfg(feature = "hydrate")]
fn load_document() {
    let hydrating = Owner::current_shared_context().is_some_and(|context| context.during_hydration());
    if hydrating {
        return;
    }
    let url = leptos_router::hooks::use_url().get_untracked();
    let mark = if url.search().is_empty() { "" } else { "?" };
    let address = format!("{}{mark}{}", url.path(), url.search().trim_start_matches('?'));
    let _ = window().location().assign(&address);
}
