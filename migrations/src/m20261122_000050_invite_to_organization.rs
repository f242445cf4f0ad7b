//! Invitations to organizations beside those to projects.
//!
//! SQLite cannot let a column be empty that could not before, so the table is made anew. Its mails are
//! too: they would be deleted with the rows that they point at.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = invitations();
        table
            .col(uuid_null(Invitation::ProjectId))
            .col(uuid_null(Invitation::OrganizationId))
            .foreign_key(
                ForeignKey::create()
                    .from(New::Invitation, Invitation::OrganizationId)
                    .to(Organization::Table, Organization::Id)
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .check(Expr::cust("(project_id IS NULL) <> (organization_id IS NULL)"));
        exchange(manager, table).await?;
        for (name, column) in [
            ("invitation_organization", Invitation::OrganizationId),
            ("invitation_email", Invitation::Email),
            ("invitation_inviter", Invitation::InvitedBy),
        ] {
            manager.create_index(index(name, column)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = invitations();
        table.col(uuid(Invitation::ProjectId));
        exchange(manager, table).await
    }
}

/// Puts `table` in the place of the one that there is, with the invitations to projects and their mails.
async fn exchange(manager: &SchemaManager<'_>, table: TableCreateStatement) -> Result<(), DbErr> {
    const COLUMNS: &str = "id, token_hash, project_id, email, role, invited_by, created_at, expires_at";
    let connection = manager.get_connection();
    manager.create_table(table).await?;
    let copy = format!(
        "INSERT INTO invitation_new ({COLUMNS}) SELECT {COLUMNS} FROM invitation WHERE project_id IS NOT NULL"
    );
    connection.execute_unprepared(&copy).await?;
    manager.create_table(mails()).await?;
    let copy = "INSERT INTO invitation_mail_new SELECT * FROM invitation_mail \
                WHERE invitation_id IN (SELECT id FROM invitation_new)";
    connection.execute_unprepared(copy).await?;
    manager.drop_table(Table::drop().table(InvitationMail::Table).to_owned()).await?;
    manager.drop_table(Table::drop().table(Invitation::Table).to_owned()).await?;
    manager.rename_table(Table::rename().table(New::Invitation, Invitation::Table).to_owned()).await?;
    manager
        .rename_table(Table::rename().table(New::InvitationMail, InvitationMail::Table).to_owned())
        .await?;
    manager.create_index(index("invitation_project", Invitation::ProjectId)).await?;
    let due = Index::create()
        .name("invitation_mail_due")
        .table(InvitationMail::Table)
        .col(InvitationMail::DueAt)
        .to_owned();
    manager.create_index(due).await
}

/// What both forms of the table have.
fn invitations() -> TableCreateStatement {
    Table::create()
        .table(New::Invitation)
        .col(uuid(Invitation::Id).primary_key())
        .col(binary_len(Invitation::TokenHash, 32).unique_key())
        .col(string_null(Invitation::Email))
        .col(string(Invitation::Role))
        .col(uuid_null(Invitation::InvitedBy))
        .col(timestamp_with_time_zone(Invitation::CreatedAt))
        .col(timestamp_with_time_zone(Invitation::ExpiresAt))
        .foreign_key(
            ForeignKey::create()
                .from(New::Invitation, Invitation::ProjectId)
                .to(Project::Table, Project::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .foreign_key(
            ForeignKey::create()
                .from(New::Invitation, Invitation::InvitedBy)
                .to(User::Table, User::Id)
                .on_delete(ForeignKeyAction::SetNull),
        )
        .to_owned()
}

/// In the order of the columns that there are.
fn mails() -> TableCreateStatement {
    Table::create()
        .table(New::InvitationMail)
        .col(uuid(InvitationMail::InvitationId).primary_key())
        .col(string(InvitationMail::Language))
        .col(binary_null(InvitationMail::Sealed))
        .col(string(InvitationMail::State))
        .col(integer(InvitationMail::Attempts))
        .col(timestamp_with_time_zone_null(InvitationMail::DueAt))
        .col(text_null(InvitationMail::Detail))
        .col(timestamp_with_time_zone(InvitationMail::ChangedAt))
        .foreign_key(
            ForeignKey::create()
                .from(New::InvitationMail, InvitationMail::InvitationId)
                .to(New::Invitation, Invitation::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn index(name: &str, column: Invitation) -> IndexCreateStatement {
    Index::create().name(name).table(Invitation::Table).col(column).to_owned()
}

/// While they stand beside those that they replace.
#[derive(DeriveIden)]
enum New {
    #[sea_orm(iden = "invitation_new")]
    Invitation,
    #[sea_orm(iden = "invitation_mail_new")]
    InvitationMail,
}

#[derive(DeriveIden)]
enum Invitation {
    Table,
    Id,
    TokenHash,
    ProjectId,
    OrganizationId,
    Email,
    Role,
    InvitedBy,
    CreatedAt,
    ExpiresAt,
}

#[derive(DeriveIden)]
enum InvitationMail {
    Table,
    InvitationId,
    Language,
    Sealed,
    State,
    Attempts,
    DueAt,
    Detail,
    ChangedAt,
}

#[derive(DeriveIden)]
enum Organization {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Project {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum User {
    Table,
    Id,
}
