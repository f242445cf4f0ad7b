//! The table of everything that can go wrong in front of a person.

use serde::{Deserialize, Serialize};

/// What sort of failure a [`Code`] is; edges map it to HTTP and JSON-RPC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Invalid,
    Unauthenticated,
    Forbidden,
    NotFound,
    Conflict,
    TooLarge,
    TooMany,
    /// A dependency of ours (database, queue) cannot serve now.
    Unavailable,
    /// The upstream MCP server failed; Sluice did not.
    Upstream,
    /// The upstream MCP server did not answer in time.
    UpstreamTimeout,
    Internal,
}

macro_rules! codes {
    ($($variant:ident $name:literal $kind:ident $sentence:literal $next:literal;)+) => {
        /// A failure's stable name. `docs/errors.md` lists them all; it is generated from here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum Code { $(#[serde(rename = $name)] $variant,)+ }

        impl Code {
            pub const ALL: &[Code] = &[$(Code::$variant,)+];

            /// The stable name, as it stands in answers and logs.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Code::$variant => $name,)+ } }

            #[must_use]
            pub const fn kind(self) -> Kind { match self { $(Code::$variant => Kind::$kind,)+ } }

            /// What happened, in English.
            #[must_use]
            pub const fn sentence(self) -> &'static str { match self { $(Code::$variant => $sentence,)+ } }

            /// What to do about it, in English.
            #[must_use]
            pub const fn next_step(self) -> &'static str { match self { $(Code::$variant => $next,)+ } }
        }
    };
}

codes! {
    // request
    InvalidInput "input.invalid" Invalid "Some fields need attention." "Correct the marked fields and send again.";
    MalformedBody "input.malformed" Invalid "The request body could not be read." "Send a body of the documented form.";
    BodyTooLarge "input.too_large" TooLarge "The request body is too large." "Send less at once, or ask the operator to raise the limit.";
    AcceptMissing "request.accept" Invalid "The request must accept both application/json and text/event-stream." "Send `Accept: application/json, text/event-stream`.";
    MethodNotAllowed "request.method" Invalid "This address does not answer that method." "See the API description at /api/docs.";
    UpgradeNeeded "request.upgrade" Invalid "This address speaks WebSocket only." "Connect with a WebSocket client.";
    TooManyFeeds "feed.too_many" TooMany "Too many live feeds are open." "Close one, or try again later.";
    Required "field.required" Invalid "This field is required." "Fill it in.";
    TooLong "field.too_long" Invalid "This is too long." "Shorten it.";
    SlugInvalid "field.slug" Invalid "Use 1 to 40 lower-case letters, digits and hyphens, starting and ending with a letter or digit." "Choose another short name.";
    ServerNameInvalid "field.server_name" Invalid "Use 1 to 40 letters, digits, hyphens and single underscores, starting with a letter or digit." "Choose another name.";
    AliasInvalid "field.alias" Invalid "Use up to 20 lower-case letters, digits, hyphens and single underscores, not ending in an underscore." "Choose another prefix.";
    ToolNameInvalid "field.tool_name" Invalid "Use 1 to 64 letters, digits, underscores, hyphens and dots." "Choose another name.";
    EmailInvalid "field.email" Invalid "This is not an e-mail address." "Check the address.";
    PasswordWeak "field.password" Invalid "Use at least 12 characters, not a common password and not your e-mail address." "Choose a longer password.";
    PasswordWrong "field.password_wrong" Invalid "The current password is not right." "Type it again.";
    UrlInvalid "field.url" Invalid "This is not an http or https address without user name, password and fragment." "Check the address.";
    CommandInvalid "field.command" Invalid "Give one program name or absolute path, with its arguments separately." "Move the arguments to their own field.";
    VariableNameInvalid "field.variable_name" Invalid "This name cannot be used here." "Use letters, digits and underscores for environment variables, and a plain header name for headers.";
    VariableValueInvalid "field.variable_value" Invalid "The value must be a single line." "Remove line breaks and control characters.";
    VariableForbidden "field.variable_forbidden" Invalid "Sluice sets this one itself, or it changes how programs are loaded." "Leave it out.";
    ValueMissing "field.value_missing" Invalid "A value is needed: none is stored under this name yet." "Type the value.";
    TimeoutInvalid "field.timeout" Invalid "Use 1 to 600 seconds." "Choose a time in that range.";
    NumberInvalid "field.number" Invalid "This is not a whole number in the allowed range." "Choose a number in the range that the field names.";
    ExpiryInvalid "field.expiry" Invalid "The expiry must be in the future." "Choose a later date, or none.";
    HoleUnknown "field.hole_name" Invalid "Each hole of the arguments needs one description, under its name of lower-case letters, digits and underscores." "Describe each `{name}` once, and nothing else.";
    HoleInvalid "field.hole" Invalid "This value is not allowed here." "Give one that the description allows; it may not begin with a hyphen or contain `..` as a folder.";
    PatternInvalid "field.pattern" Invalid "This is not a regular expression." "Correct it; it is matched against the whole value.";
    CommandUnknown "command.unknown" Invalid "There is no such approved command." "Choose one from the list of the project's approved commands.";
    CommandFixed "command.fixed" Invalid "A server keeps the command that it was made from." "Add another server.";
    SharedUnknown "shared.unknown" Invalid "There is no such shared server." "Choose one from the list of the servers that your administrators share.";
    SharedFixed "shared.fixed" Invalid "What a server is made from cannot be changed afterwards." "Add another server.";
    BuiltinUnknown "field.builtin" Invalid "There is no such built-in server." "Choose one from the list.";
    RoleInvalid "field.role" Invalid "There is no such role." "Use owner, developer or reporter.";
    ImportInvalid "import.invalid" Invalid "This is not a configuration with servers in it." "Paste JSON with an `mcpServers` or `servers` object.";
    DetectInvalid "detect.invalid" Invalid "This is neither an address nor a command." "Paste an address that begins with https://, a command line, or JSON with an `mcpServers` object.";
    ShellNeeded "detect.shell" Invalid "This line needs a shell, and Sluice runs programs without one." "Paste the one command that starts the server, without pipes and `&&`.";
    OpenApiUnsupported "detect.openapi" Invalid "This describes a REST API; it is not the address of an MCP server." "Paste the address of an MCP server, often with /mcp at its end.";
    DocumentInvalid "document.invalid" Invalid "The file cannot be applied." "Correct the named line and try again.";

    // access
    SignInRequired "auth.required" Unauthenticated "You are not signed in." "Sign in and try again.";
    CredentialsWrong "auth.credentials" Unauthenticated "The e-mail address or the password is not right." "Try again, or ask an administrator for a new sign-in link.";
    TokenInvalid "auth.token" Unauthenticated "The access token is unknown, expired or revoked." "Create a new token on your account page.";
    KeyRequired "auth.key_required" Unauthenticated "An API key of this project is needed." "Send it as `Authorization: Bearer slu_…`; create one on the project's Keys page.";
    KeyInvalid "auth.key" Unauthenticated "The API key is unknown, expired or revoked." "Create a new key on the project's Keys page.";
    KeyServer "auth.key_server" Forbidden "The API key does not reach this server." "Use a key that does, or add the server to this one on the project's Keys page.";
    KeyScope "auth.key_scope" Forbidden "The API key may list and read, but not call tools." "Use a key with the scope mcp:exec, or change this one on the project's Keys page.";
    KeyLimit "auth.key_limit" TooMany "The API key has made all the calls that it may make for now." "Wait, or raise its limit on the project's Keys page.";
    InvitationForAnother "auth.invitation" Forbidden "This invitation is for another e-mail address." "Sign in with that address, or ask for a new invitation.";
    LinkInvalid "auth.link" Forbidden "This link was used already or has expired." "Ask for a new one.";
    PasswordSet "auth.password_set" Conflict "The account has a password already." "Change it with the present one.";
    SignInStale "auth.sign_in_stale" Forbidden "A first password can be set in the first 15 minutes after signing in." "Ask an administrator for another sign-in link, open it and come back.";
    TooManyAttempts "auth.throttled" TooMany "There were too many attempts." "Wait a minute and try again.";
    SignUpClosed "auth.sign_up_closed" Forbidden "Accounts are created by invitation here." "Ask an administrator.";
    Forbidden "auth.forbidden" Forbidden "Your role does not allow this." "Ask an Owner of the project.";
    AdminOnly "auth.admin" Forbidden "Only platform administrators may do this." "Ask an administrator of this installation.";
    StdioForbidden "auth.stdio" Forbidden "Only platform administrators may register commands, because a command runs on the server's machine." "Ask an administrator, or use a remote server.";
    StdioDisabled "stdio.disabled" Forbidden "Commands are switched off on this installation." "The operator can set `stdio.enabled = true`.";
    OriginForbidden "auth.origin" Forbidden "The request came from another site." "Open the console at its own address.";
    NotFound "not_found" NotFound "There is nothing here that you can see." "Check the address, or ask to be added to the project.";

    // conflicts
    EmailTaken "user.email_taken" Conflict "There is an account with this e-mail address." "Sign in, or use another address.";
    SlugTaken "slug.taken" Conflict "This short name is taken." "Choose another one.";
    ServerNameTaken "server.name_taken" Conflict "There is a server with this name in the project." "Choose another name.";
    AliasTaken "server.alias_taken" Conflict "Another server of the project has this prefix." "Choose another one.";
    ToolNameTaken "tool.name_taken" Conflict "Another tool of this server is offered under this name." "Choose another name, or hide the other tool.";
    CommandNameTaken "command.name_taken" Conflict "There is an approved command with this name." "Choose another name.";
    CommandUsed "command.used" Conflict "Servers are of this approved command." "Withdraw it, or delete its servers first.";
    SharedNameTaken "shared.name_taken" Conflict "There is a shared server with this name." "Choose another name.";
    SharedUsed "shared.used" Conflict "Projects use this shared server." "Withdraw it, or have its servers deleted in the projects first.";
    KeyNameTaken "key.name_taken" Conflict "There is a key with this name in the project." "Choose another name.";
    KeyWeak "key.weak" Invalid "The given key is not as strong as a generated one." "Generate it with `sluice key generate`.";
    KeyServerUnknown "key.server_unknown" Invalid "A chosen server is not in this project." "Choose from the list.";
    MemberExists "member.exists" Conflict "This person is a member already." "Change their role instead.";
    UserUnknown "member.user_unknown" Invalid "Nobody here has an account with this e-mail address." "Ask them to sign up first.";
    NotInOrganization "member.not_in_organization" Invalid "This person is no member of the organization." "Add them to the organization first.";
    LastOwner "member.last_owner" Conflict "A project or organization needs at least one Owner." "Make somebody else Owner first.";
    LastAdmin "user.last_admin" Conflict "The installation needs at least one administrator who is not disabled." "Make somebody else administrator first.";
    TransferSame "transfer.same" Conflict "The project belongs to this organization already." "Choose another organization.";
    TransferSlugTaken "transfer.slug_taken" Conflict "The organization has a project of the same short name." "Change the short name of one of the two first.";
    TemplateNameTaken "template.name_taken" Conflict "The organization has a template of this name." "Choose another name.";
    TemplateLimit "template.limit" Conflict "The organization keeps as many templates as it may." "Delete one that nobody needs.";
    TemplateTooLarge "template.too_large" TooLarge "The project is too large for a template." "Remove servers or rules of tools from it.";
    OrganizationNotEmpty "organization.not_empty" Conflict "The organization still has projects." "Delete or transfer them first.";
    ConfirmationWrong "confirmation" Invalid "The typed name does not match." "Type the name exactly as shown.";
    MailOff "mail.off" Conflict "No mail server is set up." "The operator can set `mail.host`.";
    MailFailed "mail.failed" Upstream "The mail could not be sent." "Check the settings under `mail`.";
    Setup "setup.done" Conflict "This installation is set up already." "Sign in.";

    // upstream servers
    ServerDisabled "server.disabled" Upstream "The server is disabled." "An Owner or Developer can enable it on its page.";
    CommandWithdrawn "command.withdrawn" Upstream "An administrator withdrew the approved command of this server." "Ask an administrator of this installation, or add a server of another command.";
    CommandUnfit "command.unfit" Upstream "What fills the approved command of this server does not fit it any more." "Fill in its values again on the server's settings page.";
    SharedWithdrawn "shared.withdrawn" Upstream "An administrator withdrew the shared server that this one is of." "Ask an administrator of this installation, or add a server of your own.";
    SpawnFailed "upstream.spawn" Upstream "The command could not be started." "Check that the program exists on the server's machine and that the working directory is right.";
    ProcessExited "upstream.exited" Upstream "The server's process ended." "Read its last error output on the server's page; it is started again on the next call.";
    CrashLoop "upstream.crash_loop" Upstream "The server's process keeps ending shortly after its start." "Read its last error output, correct the configuration, then restart it.";
    MemoryExceeded "upstream.memory" Upstream "The server's process was ended because it took more memory than it may." "Raise its limit on its settings page, or find out why it grows; it is started again on the next call.";
    UpstreamDown "upstream.down" Upstream "The server failed several times in a row, so calls are not tried for now." "Its page says why; it is tried again in the background and used as soon as it answers.";
    ConnectFailed "upstream.connect" Upstream "The server could not be reached." "Check the address and that the server is running.";
    AddressForbidden "upstream.address" Upstream "The server's address lies in a private or local network that Sluice may not reach." "The operator can list the network in `outbound.allow`.";
    TlsFailed "upstream.tls" Upstream "No secure connection could be made to the server." "Check its certificate.";
    HttpStatus "upstream.http_status" Upstream "The server answered with an unexpected HTTP status." "Check the address and the transport.";
    UpstreamUnauthorized "upstream.unauthorized" Upstream "The server refused our credentials." "Check the server's headers on its settings page.";
    WrongTransport "upstream.transport" Upstream "The address answers, but not with the chosen transport." "Try the other transport: SSE or streamable HTTP.";
    ProtocolViolation "upstream.protocol" Upstream "The server's answer is not valid MCP." "Update the server; its log has the details.";
    UpstreamTimeout "upstream.timeout" UpstreamTimeout "The server did not answer in time." "Try again, or raise the server's timeout on its settings page.";
    InitializeTimeout "upstream.initialize_timeout" UpstreamTimeout "The server started but did not finish its handshake in time." "A first start can take long while packages are fetched; try again, or raise the timeout.";
    ConnectionLost "upstream.lost" Upstream "The connection to the server broke before it answered; whether the call took effect is unknown." "Check before you repeat a call that changes something.";
    TooLargeMessage "upstream.too_large" Upstream "The server's message is over the size limit." "Ask for less at once.";
    ClientCannot "client.capability" Upstream "The server asked the client for something that it cannot do." "Use a client with this capability.";
    SessionUnknown "session.unknown" NotFound "This session is unknown or has expired." "Start a new session with `initialize`.";
    UpstreamBusy "upstream.busy" TooMany "Too many calls are waiting for this server." "Try again in a moment.";

    // ours
    Unavailable "unavailable" Unavailable "Sluice cannot answer right now." "Try again in a moment.";
    SecretUnreadable "vault.unreadable" Unavailable "A stored secret cannot be read with the present master key." "The operator must restore the master key, or the secret must be typed again.";
    Internal "internal" Internal "Something failed inside Sluice." "Try again; if it happens again, give the request id to the operator.";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique_and_sentences_are_sentences() {
        let mut seen = HashSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.name()), "{} stands twice", code.name());
            assert!(code.sentence().ends_with('.'), "{}", code.name());
            assert!(code.next_step().ends_with('.'), "{}", code.name());
            assert_eq!(
                serde_json::to_value(code).expect("a code serializes"),
                code.name(),
                "the wire name is the name"
            );
        }
    }
}
