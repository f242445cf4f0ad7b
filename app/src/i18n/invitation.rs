//! Texts of invitations, and of joining and leaving a project or an organization.

texts! { Invitations;
    title "Invitation" "초대";
    nobody "Nobody was added yet." "아직 추가된 사람이 없습니다.";
    by "Invited by {}" "초대한 사람: {}";
    organization "Organization" "조직";
    join "Join project" "프로젝트 참여";
    join_organization "Join organization" "조직 참여";
    sign_in "Sign in to join" "로그인하고 참여";
    sign_up "Create account and join" "계정을 만들고 참여";
    signed_in_as "You are signed in as {}." "{} 계정으로 로그인되어 있습니다.";
    for_another "This invitation is for {}. Sign out, then open the link again." "{} 주소에 보낸 초대입니다. 로그아웃한 뒤 링크를 다시 여십시오.";
    add "Add or invite" "추가 또는 초대";
    email_hint "Who has an account becomes a member at once; others get an invitation link to pass on. Empty: a link that anybody may use once." "계정이 있으면 바로 구성원이 되고, 없으면 전달할 초대 링크가 만들어집니다. 비우면 누구나 한 번 쓸 수 있는 링크입니다.";
    added "They are a member now." "구성원으로 추가했습니다.";
    link "Invitation link" "초대 링크";
    link_made "Invitation link" "초대 링크를 만들었습니다";
    link_made_for "Invitation link for {}" "{} 초대 링크를 만들었습니다";
    link_once "Pass it on yourself. It works once, for 7 days, and is not shown again." "직접 전달하십시오. 7일 동안 한 번만 쓸 수 있으며 다시 표시되지 않습니다.";
    link_mailed "A mail with the link is on its way; the list below says what becomes of it. You can pass the link on yourself, too. It works once, for 7 days, and is not shown again." "링크가 담긴 메일을 보내고 있습니다. 결과는 아래 목록에 표시됩니다. 링크를 직접 전달해도 됩니다. 7일 동안 한 번만 쓸 수 있으며 다시 표시되지 않습니다.";
    mail_sent "Mail sent" "메일 보냄";
    mail_waiting "Sending mail" "메일 보내는 중";
    mail_again "Mail not sent yet: {} It is tried again. To pass a link on yourself, invite again and copy it." "아직 메일을 보내지 못했습니다: {} 다시 시도합니다. 링크를 직접 전달하려면 다시 초대해 복사하십시오.";
    mail_failed "Mail could not be sent: {} Invite again and copy the link." "메일을 보내지 못했습니다: {} 다시 초대하고 링크를 복사하십시오.";
    open "Open invitations" "대기 중인 초대";
    invited "Invited" "초대";
    anyone "Anybody with the link" "링크를 가진 누구나";
    withdraw "Withdraw" "취소";
    withdraw_named "Withdraw the invitation of {}" "{} 초대 취소";
    last_seen "Last seen" "최근 접속";
    leave "Leave" "나가기";
    leave_lead "You lose access to this project. An Owner can add you again." "이 프로젝트를 더 이상 볼 수 없습니다. 소유자가 다시 추가할 수 있습니다.";
    leave_now "Leave this project" "이 프로젝트 나가기";
}
