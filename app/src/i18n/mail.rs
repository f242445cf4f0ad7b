//! The texts of mails.

texts! { Mail;
    invitation_subject "Invitation to {}" "{} 초대";
    invited_by "{} invites you to the project {} of {}." "{} 님이 {} 프로젝트({})에 초대했습니다.";
    invited "You are invited to the project {} of {}." "{} 프로젝트({})에 초대되었습니다.";
    invited_to_organization_by "{} invites you to the organization {}." "{} 님이 {} 조직에 초대했습니다.";
    invited_to_organization "You are invited to the organization {}." "{} 조직에 초대되었습니다.";
    role "Your role: {}. {}" "역할: {}. {}";
    open "Open the invitation" "초대 열기";
    until "The link works once, until {} UTC, and only for {}." "이 링크는 {} UTC까지 {} 계정으로 한 번만 쓸 수 있습니다.";
    unexpected "If you did not expect this, you need not do anything." "예상하지 못한 메일이라면 아무것도 하지 않아도 됩니다.";
    test_subject "Sluice can send mail" "Sluice 메일 시험";
    test_body "This mail was sent from Admin › System of {}. Invitations will arrive like it." "{}의 관리 › 시스템에서 보낸 메일입니다. 초대 메일도 이렇게 도착합니다.";
}
