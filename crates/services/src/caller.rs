//! Who acts, and how it was proven. Only this crate's account module can make one.

use domain::{
    Action, Code, Error, OrganizationId, ProjectId, Resource, Result, SessionId, Subject, TokenId, UserId,
    allows,
};

/// How a caller was proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    Session(SessionId),
    Token(TokenId),
    /// The operator at the command line.
    System,
}

/// What is noted of the request beside the caller.
#[derive(Clone, Debug, Default)]
pub struct RequestMeta {
    pub request_id: Option<String>,
    pub ip: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Caller {
    pub(crate) subject: Subject,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) proof: Proof,
    pub(crate) meta: RequestMeta,
}

impl Caller {
    /// The operator at the command line, who has the database and the master key anyway.
    #[must_use]
    pub fn system() -> Self {
        Self {
            subject: Subject {
                user: UserId::new(0, [0; 10]),
                platform_admin: true,
                organizations: Vec::new(),
                projects: Vec::new(),
            },
            name: "system".to_owned(),
            email: String::new(),
            proof: Proof::System,
            meta: RequestMeta::default(),
        }
    }

    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub fn email(&self) -> &str {
        &self.email
    }

    #[must_use]
    pub fn proof(&self) -> Proof {
        self.proof
    }

    /// The user to name in references; none for the system, which is nobody's row.
    pub(crate) fn user(&self) -> Option<UserId> {
        (self.proof != Proof::System).then_some(self.subject.user)
    }

    #[must_use]
    pub fn may(&self, action: Action, resource: &Resource) -> bool {
        allows(&self.subject, action, resource)
    }

    /// Passes, or says 403 to who may know that the resource is there and 404 to who may not.
    pub(crate) fn require(&self, action: Action, resource: &Resource) -> Result<()> {
        if self.may(action, resource) {
            return Ok(());
        }
        let visible = match resource {
            Resource::Platform => true,
            Resource::Organization(_) => self.may(Action::ViewOrganization, resource),
            Resource::Project { .. } => self.may(Action::ViewProject, resource),
            Resource::Account(_) => false,
        };
        let code = match (visible, action) {
            (false, _) => Code::NotFound,
            (true, Action::RegisterCommand) => Code::StdioForbidden,
            (true, Action::ManagePlatform) => Code::AdminOnly,
            (true, _) => Code::Forbidden,
        };
        Err(Error::new(code).context(format!("{} may not {action:?}", self.subject.user)))
    }

    /// Ids of the organizations and projects that the caller may see; none: all of them.
    pub(crate) fn scope(&self) -> Option<(Vec<OrganizationId>, Vec<ProjectId>)> {
        if self.subject.platform_admin {
            return None;
        }
        let owned = |role: &domain::OrganizationRole| *role == domain::OrganizationRole::Owner;
        Some((
            self.subject.organizations.iter().filter(|(_, role)| owned(role)).map(|(id, _)| *id).collect(),
            self.subject.projects.iter().map(|(id, _)| *id).collect(),
        ))
    }
}
