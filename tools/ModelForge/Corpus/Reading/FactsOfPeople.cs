namespace ModelForge.Corpus.Reading;

/// <summary>Facts about people and teams.</summary>
internal static class FactsOfPeople
{
    public static readonly IReadOnlyList<FactKind> All =
    [
        new("job", SlotKind.Person, SlotKind.Job, """
            = @ works as a #.
            s @ works as a #.
            s @ is a #.
            s @ has been a # for years.
            s @ was hired as a #.
            s @ took the position of #.
            s The job of @ is that of a #.
            s In the company, @ serves as a #.
            s @ earns a living as a #.
            s Everyone knows @ as a good #.
            s @ started last week as a #.
            s Since spring @ is employed as a #.
            s The new # is called @.
            s By profession @ is a #.
            s @, a # by training, joined the group.
            s Our # is @.
            s @ has spent ten years being a #.
            s They needed a # and took @.
            s @ became a # after school.
            s @ got work as a #.
            s When people ask, @ says: I am a #.
            S @ makes a career as a #.
            S @ now fills the post of #.
            S People call on @ when they need a #.
            S @ signed a contract to be a #.
            q What is the job of @?
            q What does @ work as?
            q What is @'s job?
            q Which job does @ have?
            q What does @ do for a living?
            q In which position does @ work?
            q What is the profession of @?
            q As what is @ employed?
            q What position does @ have?
            Q What kind of work does @ do?
            Q Tell me the profession that @ has.
            Q What job did @ get?
            r Who works as a #?
            r Who is the #?
            r Which person is a #?
            r Who has the job of #?
            R Who is employed as a #?
            R Name the person who is a #.
            """),
        new("employer", SlotKind.Person, SlotKind.Company, """
            = @ is employed by #.
            s @ works for #.
            s @ is employed by #.
            s @ has an office at #.
            s @ joined # last year.
            s # hired @ in the spring.
            s @ is on the staff of #.
            s @ signed a contract with #.
            s The employer of @ is #.
            s @ earns a salary at #.
            s For three years @ has worked at #.
            s # employs @.
            s After school @ went to work for #.
            s The staff of # includes @.
            s @ can be found at # on work days.
            s # is where @ works.
            s @ changed to # in autumn.
            s At # there is a desk for @.
            s @ is one of the people of #.
            s # took on @.
            S @ draws a salary from #.
            S # gave @ a job.
            S @ spends the working week at #.
            S At # they are glad to have @.
            q Who does @ work for?
            q Which company employs @?
            q Where does @ work?
            q Who is the employer of @?
            q What company does @ work for?
            q Which firm does @ work at?
            q Who employs @?
            q At which company is @?
            q Who hired @?
            Q What is the name of the employer of @?
            Q For which company does @ work?
            Q Which firm hired @?
            r Who works for #?
            r Who is employed by #?
            r Who did # hire?
            r Which person works at #?
            R Whom does # employ?
            R Name the person who works for #.
            """),
        new("home", SlotKind.Person, SlotKind.City, """
            = @ lives in #.
            s @ lives in #.
            s @ has a house in #.
            s @ moved to # two years ago.
            s The home of @ is in #.
            s @ rents a flat in #.
            s @ resides in #.
            s Since childhood @ has lived in #.
            s @ found a home in #.
            s You can visit @ at home in #.
            s @ and the family live in #.
            s # is where @ lives.
            s @ settled in #.
            s @ bought a small house in #.
            s @ owns a flat in #.
            s @ went to live in #.
            s Letters reach @ at home in #.
            s @ has stayed in # since the wedding.
            s @ sleeps in #, where the family is.
            s @ is a citizen of # and lives there.
            S @ makes a home in #.
            S The flat of @ stands in #.
            S # has been home to @ for long.
            S Every evening @ drives home to #.
            q Where does @ live?
            q In which city does @ live?
            q Where is the home of @?
            q What city does @ live in?
            q Which town is @'s home?
            q In what place does @ reside?
            q Where did @ settle?
            q Where is @ at home?
            q What is the home city of @?
            Q In which town is the home of @?
            Q What place is home to @?
            Q Which city does @ live in?
            r Who lives in #?
            r Whose home is in #?
            r Which person resides in #?
            r Who has a home in #?
            R Name the person who lives in #.
            R Who is at home in #?
            """),
        new("birthday", SlotKind.Person, SlotKind.Date, """
            = @ was born on #.
            s @ was born on #.
            s The birthday of @ is #.
            s @ has a birthday on #.
            s @ came into the world on #.
            s On # @ celebrates a birthday.
            s The party for @'s birthday is on #.
            s @'s date of birth is #.
            s In the file the birth of @ is dated #.
            s @ turns one year older on #.
            s On # @ was born.
            s @ will have cake on #, which is the birthday.
            s The passport of @ gives # as the date of birth.
            s @ has been in this world since #.
            s @'s birthday falls on #.
            s The date on which @ was born is #.
            s Do not forget the birthday of @ on #.
            s On the form @ put # as the day of birth.
            s @ gets presents for the birthday on #.
            S The birth of @ took place on #.
            S Friends sing for @'s birthday on #.
            S @ blows out birthday candles on #.
            S As date of birth @ wrote #.
            q When was @ born?
            q When is the birthday of @?
            q What is @'s date of birth?
            q On which date was @ born?
            q On what day is @'s birthday?
            q When does @ have a birthday?
            q What date is the birthday of @?
            q What is the birth date of @?
            Q On which day was @ born?
            Q Tell me the birthday of @.
            Q When does @ celebrate a birthday?
            r Who was born on #?
            r Whose birthday is #?
            r Who has a birthday on #?
            R Which person was born on #?
            R Whose date of birth is #?
            """),
        new("email", SlotKind.Person, SlotKind.Email, """
            = The mail address of @ is #.
            s The mail address of @ is #.
            s @ can be reached at #.
            s Write to @ at #.
            s @ reads mail at #.
            s Mail for @ goes to #.
            s The email of @ is #.
            s @ uses the address #.
            s For questions send a mail to @ at #.
            s @ gave # as an email address.
            s The contact address of @ is #.
            s You reach @ by email under #.
            s Send @ a note at #.
            s @'s email address is #.
            s The mailbox of @ is #.
            s @ can be mailed at #.
            s Use # to contact @.
            s The card of @ shows the email #.
            s Reports should be mailed to @ at #.
            s @ wrote from #.
            S Letters to @ belong to the mailbox #.
            S If in doubt, mail @ under #.
            S @ answers email sent to #.
            S In the address book @ stands with #.
            q What is the email address of @?
            q What is @'s email?
            q How can I reach @ by mail?
            q Which mail address does @ have?
            q Where do I send mail to @?
            q What is the mail address of @?
            q At which email address is @?
            q Which email does @ use?
            q What address do I write to for @?
            Q To which address should mail for @ go?
            Q What email address does @ have?
            Q Under which address does @ get email?
            r Whose email address is #?
            r Who has the mail address #?
            r Who reads mail at #?
            R To whom does the email address # belong?
            R Who uses the mail address #?
            """),
        new("phone", SlotKind.Person, SlotKind.Extension, """
            = The phone number of @ is #.
            s The phone number of @ is #.
            s @ answers the phone at #.
            s Call @ at #.
            s To talk to @, dial #.
            s @ has the phone extension #.
            s The telephone of @ is #.
            s Under # you get @ on the phone.
            s @ can be called on #.
            s Ring @ under #.
            s @'s phone number is #.
            s The phone on the desk of @ has the number #.
            s Phone calls for @ go to #.
            s The phone of @ rings at #.
            s Try # to get @ on the line.
            s @ takes calls on #.
            s The extension of @ is #.
            s @ left the phone number #.
            s On the card of @ is the phone number #.
            S If you dial #, the phone of @ rings.
            S @ picks up the phone under #.
            S The number to call for @ is #.
            S Please phone @ on #.
            q What is the phone number of @?
            q Which number do I call for @?
            q What is @'s phone number?
            q How can I call @?
            q Which phone extension does @ have?
            q What number reaches @ by phone?
            q What do I dial for @?
            q Under which number does @ answer the phone?
            Q Which phone number does @ have?
            Q What is the number to dial for @?
            Q On what number can I phone @?
            r Whose phone number is #?
            r Who answers the phone at #?
            r Who has the phone number #?
            R Who picks up the phone under #?
            R To whom does the phone number # belong?
            """),
        new("language", SlotKind.Person, SlotKind.Language, """
            = @ speaks #.
            s @ speaks #.
            s @ is fluent in #.
            s The mother tongue of @ is #.
            s @ talks to customers in #.
            s @ learned # as a child.
            s At home @ speaks #.
            s @ writes letters in #.
            s @ understands # well.
            s The language of @ is #.
            s @ gives talks in #.
            s @ teaches the language #.
            s @ knows how to speak #.
            s @ was taught # at school.
            s @ likes to talk in #.
            s @ answers letters in #.
            s @ reads books in #.
            s The first language of @ is #.
            s With @ you can talk #.
            S @ dreams in #.
            S In the office @ talks #.
            S @ grew up with the language #.
            S @ masters #.
            q Which language does @ speak?
            q What language does @ speak?
            q What is the language of @?
            q In which language does @ talk?
            q Which language does @ know?
            q What is @'s language?
            q What does @ speak?
            q Which language did @ learn?
            Q What language does @ know?
            Q In what language can I talk to @?
            Q Tell me the language of @.
            r Who speaks #?
            r Which person knows #?
            r Who is fluent in #?
            R Who can talk in #?
            R Name the person who speaks #.
            """),
        new("decision", SlotKind.Team, SlotKind.Decision, """
            = The @ decided to #.
            s The @ decided to #.
            s The @ agreed to #.
            s After a long talk the @ chose to #.
            s The @ made the decision to #.
            s It was decided by the @ to #.
            s The @ will #.
            s The @ voted to #.
            s The @ resolved to #.
            s In the end the @ wanted to #.
            s The decision of the @ is to #.
            s The @ has settled the matter and will #.
            s All members of the @ were in favor, so the decision is to #.
            s The plan of the @ is to #.
            s The @ is going to #.
            s The @ wants to #.
            s The @ intends to #.
            s Now it is certain: the @ will #.
            s The @ has made up its mind to #.
            s What the @ decided is to #.
            S The @ came to the conclusion to #.
            S With one voice the @ decided to #.
            S The @ gave its approval to #.
            S The vote of the @ was to #.
            q What did the @ decide?
            q What is the decision of the @?
            q What will the @ do?
            q What did the @ agree to?
            q What did the @ vote for?
            q Which decision did the @ make?
            q What has the @ decided to do?
            q What is the plan of the @?
            Q What was decided by the @?
            Q On what did the @ agree?
            Q What does the @ want to do?
            r Who decided to #?
            r Which team will #?
            r Who agreed to #?
            R Which team decided to #?
            R Who made the decision to #?
            """),
    ];
}
