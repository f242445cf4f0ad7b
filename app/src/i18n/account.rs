//! Texts of one's own account.

texts! { Accounts;
    set_password "Set password" "비밀번호 설정";
    no_password "You came in by a link and have no password yet. With one you can sign in by yourself; other browsers are signed out." "링크로 들어와 아직 비밀번호가 없습니다. 설정하면 직접 로그인할 수 있으며 다른 브라우저에서는 로그아웃됩니다.";
    stale "You can set one in the first 15 minutes after signing in. Ask an administrator for another sign-in link, open it and come back here." "로그인한 뒤 15분 안에만 설정할 수 있습니다. 관리자에게 로그인 링크를 다시 받아 연 다음 이 페이지로 돌아오십시오.";
}
