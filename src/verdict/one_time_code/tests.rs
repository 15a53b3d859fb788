use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample;

use super::*;

/// The texts that are not read as they should be.
fn misread<'a>(texts: &[&'a str], expected: bool) -> Vec<&'a str> {
    texts.iter().copied().filter(|text| is_one_time_code(text) != expected).collect()
}

#[test]
fn what_a_review_missed_is_known() {
    for text in [
        "Use 482913 to log in to your account",
        "Microsoft: use 482913 as security code",
        "Twitter confirmation code: 482913",
        "Telegram code 48291",
        // whose it is says enough, whatever follows
        "Your verification code is 123456 <ref 7>",
        "Your verification code is 123456 msgid 4",
        "Enter 482913 to confirm your identity",
    ] {
        assert!(is_one_time_code(text), "{text}");
    }
    for text in ["My hotel's confirmation code is 482913", "Is the confirmation code 482913?", "The room is 4829"] {
        assert!(!is_one_time_code(text), "{text}");
    }
}

#[test]
fn codes_of_machines_are_known() {
    let codes = [
        "Your code is 123456",
        "Your code is: 123 456.",
        "G-123456 is your Google verification code",
        "123456 is your Facebook password reset code or reset your password here: https://fb.example/l/9",
        "Your WhatsApp code: 123-456\nYou can also tap on this link: v.whatsapp.example/123456\nDon't share this code with others",
        "<#> Your ExampleApp code is: 123ABC78\n\nFA+9qCX9VSu",
        "<#> 4711\nFA+9qCX9VSu",
        "Something.\n\n@example.com #747723",
        "https://example.com wants this:\n@example.com #G-123456 @pay.example\n",
        "Use verification code 482913 for Microsoft authentication.",
        "493021 is the OTP for your transaction of INR 2,499.00 at SHOP. Do not share it with anyone.",
        "Code: 4821. Never share it with anybody, not even our staff.",
        "Ihr Code im Kundenportal lautet 482913.",
        "Votre code est 482913, valable pendant 5 minutes",
        "PIN 00412 expires in 10 minutes",
        "Your Uber code is 1234. Reply STOP to unsubscribe.",
        "Your login code: A1B2C3",
        "Tu código de verificación es 123456",
        "Su código es 4821. No lo comparta con nadie.",
        "Su clave dinámica es 884213",
        "Votre code de vérification est 123456",
        "482913 est votre code Instagram. Ne le partagez pas.",
        "Ihr Bestätigungscode lautet 123456",
        "Ihre mTAN: 482913 für die Überweisung über 120,00 EUR",
        "123456 ist dein Amazon-Einmalpasswort. Teile es mit niemandem.",
        "Seu código de verificação é 123456",
        "Não compartilhe: 4821 é seu código do iFood",
        "Il tuo codice di verifica è 123456",
        "Il codice OTP è 482913, valido per 5 minuti",
        "Je verificatiecode is 123456",
        "Uw code is 482913. Deel deze code met niemand.",
        "Twój kod weryfikacyjny to 123456",
        "Haslo SMS: 48291300 do przelewu",
        "Doğrulama kodunuz: 123456",
        "Şifreniz 482913. Kimseyle paylaşmayın.",
        "رمز التحقق الخاص بك هو ١٢٣٤٥٦",
        "كود التفعيل: 482913",
        "आपका ओटीपी 482913 है। किसी के साथ साझा न करें।",
        "आपका सत्यापन कोड ४८२९१३ है",
        "【淘宝】验证码482913，您正在登录，请勿泄露",
        "您的驗證碼為 482913",
    ];
    assert_eq!(misread(&codes, true), [""; 0]);
}

#[test]
fn people_who_write_of_numbers_are_no_machines() {
    let people = [
        "",
        "123456",
        "4711",
        "Your code 4711 doesn't work",
        "Ihr Code 4711 funktioniert nicht",
        "Is the discount code 482913 valid for Monday?",
        "Ist das Passwort 482913 noch gültig?",
        "The parcel 48291300 is at your door",
        "You are welcome at 1530, the key is under the mat",
        "my order number is 123456, can you check the code on the box?",
        "the door code is 4711",
        "Your door code 4711 does not work",
        "código postal 11101",
        "My zip code is 90210",
        "Is your postal code 11101?",
        "The code of the gate is 2468#, the dog is harmless",
        "Can you send the verification code again? Order 482913",
        "I got a verification code 482913, what is that?",
        "See you at 1530",
        "Monday 14:30, is that fine for your team?",
        "My number is +504 9999-0001",
        "call me: 9999 0001",
        "your invoice of 1250.00 is paid",
        "The error code on the display is E1234, is that your product?",
        "What is your PIN number policy?",
        "What dress code do you have on 24.12.2026?",
        "Your discount code SAVE20 does not work",
        "El código de la puerta es 4711",
        "mi código de verificación es 482913",
        "Le code de la porte est 4711, votre collègue le connaît",
        "Mein Bestätigungscode ist 482913",
        "Der Code für das Tor: 4711",
        "O código da porta é 4711",
        "Il mio codice fiscale è RSSMRA85",
        "De code van de deur is 4711",
        "Kod do domofonu 4711, Twój kolega wie",
        "Kapı kodu 4711",
        "رمز الباب 4711",
        "दरवाज़े का कोड 4711 है",
        "门的密码是4711，您的同事知道",
        "我的验证码是482913",
        "mail me @ home #1",
        "@dana #1 plumber",
        "<3 <# 12345",
    ];
    assert_eq!(misread(&people, false), [""; 0]);
}

#[test]
fn the_forms_of_machines_are_known() {
    let codes = [
        "PIN: 482913",
        "Your PIN is 4829",
        "TAN 482913 für Überweisung über 120,00 EUR an M. Muster",
        "TAN: 482913",
        "Your TAN is 123456",
        "Ihre TAN lautet 482913",
        "Ihre mobileTAN: 482913",
        "pushTAN 482913 für Ihren Auftrag",
        "OTP 4829",
        "OTP: 482913",
        "482913 is your M-PIN",
        "M-PIN: 4829",
        "Your MPIN is 482913. Do not disclose it",
        "Código: 482913",
        "Code : 482913",
        "Codice: 482913",
        "Kod: 482913",
        "Hasło: 48291300",
        "Şifre: 482913",
        "رمز: 482913",
        "कोड: 482913",
        "密码：482913",
        "[Acme] Code: 482913",
        "G-482913 is your Google verification code",
        "G-482913 est votre code de validation Google",
        "Use 482913 to log in",
        "Use 482913 to sign in to Acme.",
        "Use code 482913 to log in",
        "Usa 482913 para iniciar sesión",
        "Utilisez 482913 pour vous connecter",
        "Nutzen Sie 482913, um sich anzumelden",
        "Geben Sie 482913 zum Anmelden ein",
        "Use 482913 para entrar na sua conta",
        "Usa 482913 per accedere",
        "Gebruik 482913 om in te loggen",
        "Użyj 482913, aby się zalogować",
        "Giriş yapmak için 482913 kodunu kullanın",
        "استخدم 482913 لتسجيل الدخول",
        "लॉग इन करने के लिए 482913 का उपयोग करें",
        "使用482913登录",
        "Your Acme verification code is below:\n482913",
        "Your one-time password for the payment of INR 2,499.00 at SHOP is 493021",
        "Tu código de acceso es 482913",
        "Kodunuz: 482913",
        "482913 is your Instagram code. Don't share it.",
        "482913 - Acme verification code",
        "Enter the code 482913 to verify your e-mail",
        "482913 is SECRET OTP for txn of INR 500.00 on card ending 4829",
        "OTP for transaction of Rs 500.00 on card ending 4829 is 493021",
        "Dear customer, OTP to register is 482913",
        "Utiliza 482913 como código de verificación",
        "Code de vérification Acme : 482913",
        "Ihr Sicherheitscode für Acme ist 482913",
        "mTAN 482913 Betrag 120,00 EUR",
        "482913 Twój kod do Acme",
        "Kod SMS: 482913 Operacja: przelew",
        "482913是您的验证码",
        "482913（Acme登录验证码）",
        "您的登录验证码为：482913",
        "482913 आपका Acme सत्यापन कोड है",
        "482913 هو رمز التحقق",
        "[TikTok] 482913 is your verification code, valid for 5 minutes.",
        "Snapchat Code: 482913. Happy Snapping!",
        "Your OTP for txn of Rs.2499 at SHOP is 493021. Do not share",
        "Code 482913 for login at Acme",
        "Dein Code für Acme lautet 482913",
        "Twoje hasło SMS to 48291300",
        "482913 es tu código de Facebook",
        "Votre code WhatsApp : 482-913",
        "Use code 482913 to verify your account",
        "验证码：482913，5分钟内有效",
    ];
    assert_eq!(misread(&codes, true), [""; 0]);
}

#[test]
fn a_code_word_and_some_number_are_no_code() {
    let people = [
        // the word is no noun, or the number counts something
        "je code 1500 lignes par jour",
        "Bonjour, je code depuis 2015",
        "your code has 1500 lines",
        "Your code 1500 lines long",
        "Ihr Code hat 2500 Zeilen",
        "Su código tiene 1500 líneas",
        "Votre code fait 1500 lignes",
        "Seu código tem 1500 linhas",
        "Il tuo codice ha 1500 righe",
        "Je code heeft 1500 regels",
        "Twój kod ma 1500 linii",
        "Kodunuz 1500 satır",
        "رمزك طويل، الطلب 1500",
        "आपका कोड 1500 लाइन का है",
        "您的代码有1500行",
        "Your code 4829 euros",
        // the number stands elsewhere
        "Your code from 2019 is broken, sorry",
        "Your password came by post, the invoice is 482913",
        "The verification code never came. Order 482913",
        "The verification code for order 482913 did not come",
        "Le code du bureau est 4711, votre collègue le connaît",
        "Der Bestätigungscode kam nie, Rechnung 482913",
        "El código de verificación no llegó, factura 482913",
        "Il codice di verifica non arriva, ordine 482913",
        "验证码没有收到，订单482913",
        "Doğrulama kodu gelmedi, fatura 482913",
        "To log in I had to wait since 2019",
        "Use the door on 1200 Main Street to log in at the desk",
        "Your quote of 2500 for the code review is fine",
        "The password is 12345678",
        // postal codes
        "Your PIN is 2400 Vienna",
        "We are at Bengaluru, PIN: 560001",
        "PIN 560001",
        "12 MG Road, Bengaluru, PIN: 560001",
        "PIN code: 560001",
        "Pincode: 560001",
        "my PIN code is 2400 Vienna",
        // codes of things
        "Code: 4711",
        "Door code: 482913",
        "Kundennummer: 482913",
        "Tan 4829 is the colour of the tiles",
    ];
    assert_eq!(misread(&people, false), [""; 0]);
}

#[test]
fn the_phrases_are_folded() {
    let phrases = [STRONG, WEAK, YOURS, SECRECY, OF_PEOPLE, OTHER_CODES, BEHIND, PURPOSES, USE, USE_BEHIND];
    let words = [LINKS, AHEAD].into_iter().flat_map(|list| list.split(' '));
    for phrase in phrases.into_iter().flat_map(|list| list.split('/')).chain(words) {
        {
            assert_eq!(folded::words(phrase).join(" "), phrase.replace('*', ""));
        }
    }
}

#[test]
fn large_texts_cost_nothing() {
    for part in ["code ", "123456 ", "码", "@a.b #1\n", "<#>"] {
        assert!(!is_one_time_code(&part.repeat(65_536 / part.len())), "{part}");
    }
}

proptest! {
    #[test]
    fn no_text_is_too_odd(text in any::<String>()) {
        let _ = is_one_time_code(&text);
    }

    #[test]
    fn no_order_of_words_is_too_odd(
        words in vec(sample::select(vec![
            "your", "code", "verification", "use", "to log in", "is", "482913", "123", "456", "code:", "4829.", ",", "PIN", "验证码",
            "密码是", "482913行", "\n", "don't share", "kodunuz", "G-482913", "]", "<#>",
        ]), 0..12),
        glue in sample::select(vec![" ", "", ",", ": "]),
    ) {
        let _ = is_one_time_code(&words.join(glue));
    }
}
