//! The pages by the part of the program that they come in. A browser fetches a part when one of its
//! pages opens first, so the first page costs the frame and its own part, not the whole console.

use leptos::{prelude::*, wasm_split::SplitLoaderError};

/// Declares parts: each is a module with a route for every page, and one file of WASM.
macro_rules! parts {
    ($($part:ident { $($page:ident = $view:path),+ $(,)? })+) => {
        /// The names of all parts: of their files as well.
        pub const PARTS: &[&str] = &[$(stringify!($part)),+];
        $(pub(crate) mod $part {
            use leptos::{prelude::*, wasm_split::SplitLoaderError};
            use leptos_router::LazyRoute;

            #[derive(Clone, Copy)]
            #[repr(u8)]
            enum Page { $($page),+ }

            /// The one way into this part: what only it reaches goes into its file.
            #[::leptos::wasm_split::wasm_split(
                $part, wasm_split_path = ::leptos::wasm_split, preload(fetch), fallible
            )]
            fn show(page: Page) -> Result<AnyView, SplitLoaderError> {
                Ok(match page {
                    $(Page::$page => view! { <$view /> }.into_any(),)+
                })
            }

            $(
                pub(crate) struct $page;

                impl LazyRoute for $page {
                    fn data() -> Self {
                        Self
                    }

                    async fn view(_: Self) -> AnyView {
                        #[cfg(feature = "ssr")]
                        leptos::prefetch_lazy_fn_on_server(stringify!($part));
                        super::or_load(show(Page::$page).await).await
                    }

                    async fn preload() {
                        // A failure is met by `view`, which knows what to do.
                        let _ = fetch().await;
                    }
                }
            )+
        })+
    };
}

parts! {
    entry {
        SignIn = crate::account::SignInPage,
        SignUp = crate::account::SignUpPage,
        SetUp = crate::account::SetUpPage,
        Link = crate::account::LinkPage,
        Invitation = crate::invitation::InvitationPage,
    }
    account { Account = crate::account::AccountPage }
    home { Home = crate::home::HomePage }
    projects { List = crate::project::ListPage }
    new_project { New = crate::project::NewPage }
    organizations { List = crate::organization::ListPage }
    organization {
        Projects = crate::organization::project::ProjectsPage,
        Members = crate::organization::member::MembersPage,
        Activity = crate::organization::activity::ActivityPage,
        Usage = crate::organization::usage::UsagePage,
        Settings = crate::organization::settings::SettingsPage,
    }
    templates { List = crate::template::TemplatesPage }
    teams { List = crate::team::TeamsPage, Detail = crate::team::TeamPage }
    admin {
        Users = crate::admin::UsersPage,
        Organizations = crate::admin::OrganizationsPage,
        Audit = crate::admin::AuditPage,
        System = crate::admin::SystemPage,
        Jobs = crate::admin::JobsPage,
    }
    search { Search = crate::search::SearchPage }
    overview { Overview = crate::project::OverviewPage }
    servers { List = crate::server::ListPage }
    server { Detail = crate::server::DetailPage }
    server_form {
        New = crate::server::NewPage,
        Edit = crate::server::EditPage,
    }
    playground { Try = crate::playground::TryPage }
    tools { Tools = crate::tool::ToolsPage }
    members { Members = crate::member::MembersPage }
    keys { List = crate::key::KeysPage, New = crate::key::NewPage, Edit = crate::key::EditPage }
    logs { List = crate::log::LogsPage, Detail = crate::log::DetailPage }
    activity { Activity = crate::activity::ActivityPage }
    connect { Connect = crate::connect::ConnectPage }
    settings { Settings = crate::project::SettingsPage, Transfer = crate::project::TransferPage }
    import { Import = crate::project::ImportPage }
}

/// The page; or, if its file is not there any more because a newer Sluice serves by now, the same
/// address loaded as a document, which brings the newer program.
async fn or_load(page: Result<AnyView, SplitLoaderError>) -> AnyView {
    match page {
        Ok(view) => view,
        Err(_) => {
            #[cfg(feature = "hydrate")]
            load_document();
            std::future::pending().await
        }
    }
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
