namespace ModelForge.Corpus.Reading;

/// <summary>Facts about projects, meetings and companies.</summary>
internal static class FactsOfProjects
{
    public static readonly IReadOnlyList<FactKind> All =
    [
        new("lead", SlotKind.Project, SlotKind.Person, """
            = Project @ is led by #.
            s Project @ is led by #.
            s # leads project @.
            s The leader of project @ is #.
            s # is in charge of project @.
            s # is responsible for project @.
            s Project @ is in the hands of #.
            s # took over project @.
            s The head of project @ is #.
            s # runs project @.
            s Project @ is managed by #.
            s # was chosen to lead project @.
            s The board gave project @ to #.
            s Questions about the lead of project @ go to #.
            s The one who leads project @ is #.
            s # directs project @.
            s Ask # about project @, as its leader.
            s Project @ has # as its leader.
            s The manager of project @ is #.
            s Since May project @ is led by #.
            S At the top of project @ stands #.
            S # guides project @.
            S # carries the responsibility for project @.
            S Project @ follows the lead of #.
            q Who leads project @?
            q Who is the leader of project @?
            q Who is in charge of project @?
            q Who is responsible for project @?
            q Who runs project @?
            q Who manages project @?
            q Who is the head of project @?
            q By whom is project @ led?
            q Who heads project @?
            Q Which person leads project @?
            Q Name the leader of project @.
            Q Who has the lead of project @?
            r Which project does # lead?
            r What project is led by #?
            r Which project is # responsible for?
            r What project does # run?
            R Of which project is # the leader?
            R Which project is managed by #?
            """),
        new("budget", SlotKind.Project, SlotKind.Amount, """
            = Project @ has a budget of #.
            s Project @ has a budget of #.
            s The budget of project @ is #.
            s Project @ may spend #.
            s # were set aside for project @.
            s The board gave # to project @.
            s Project @ got # of money.
            s The costs of project @ are limited to #.
            s For project @ there is a budget of #.
            s Project @ received funding of #.
            s The money for project @ amounts to #.
            s Project @ was granted a budget of #.
            s With a budget of # project @ can begin.
            s No more than # may be spent on project @.
            s Project @ can use #.
            s Project @ has # at its disposal.
            s The bank account of project @ shows a budget of #.
            s Project @ costs #.
            s There are # for project @.
            s The sum for project @ is #.
            S The purse of project @ holds #.
            S Project @ works with funds of #.
            S The board set the budget for project @ at #.
            S # is what project @ can spend.
            q What is the budget of project @?
            q How much money does project @ have?
            q How much may project @ spend?
            q What budget does project @ have?
            q How big is the budget of project @?
            q How much funding did project @ get?
            q How large is project @'s budget?
            q How much money is there for project @?
            Q How much can be spent on project @?
            Q Which budget was project @ given?
            Q How high is the budget for project @?
            r Which project has a budget of #?
            r Which project may spend #?
            r What project got #?
            R For which project is the budget #?
            R Which project received #?
            """),
        new("deadline", SlotKind.Project, SlotKind.Date, """
            = Project @ is due on #.
            s Project @ is due on #.
            s The deadline of project @ is #.
            s Project @ must be finished by #.
            s Project @ ends on #.
            s The last day of project @ is #.
            s Project @ has to be done until #.
            s On # project @ must be complete.
            s The customer expects project @ on #.
            s Project @ will be delivered on #.
            s The delivery date of project @ is #.
            s The deadline for project @ was set to #.
            s By # project @ should be ready.
            s Project @ has time until #.
            s Project @ has to end by #.
            s The work on project @ stops on #.
            s They promised project @ for #.
            s Project @ is expected on #.
            s Project @ must be handed in on #.
            s The due date of project @ is #.
            S The clock of project @ runs out on #.
            S Project @ should reach its end by #.
            S The final date for project @ is #.
            S Nobody may work on project @ after #, its deadline.
            q When is project @ due?
            q What is the deadline of project @?
            q When must project @ be finished?
            q By when should project @ be done?
            q When does project @ end?
            q On which date is project @ due?
            q What is the due date of project @?
            q When will project @ be delivered?
            Q Until when must project @ be ready?
            Q Which deadline does project @ have?
            Q By what date must project @ be complete?
            r Which project is due on #?
            r Which project ends on #?
            r Which project must be finished by #?
            R Which project has its deadline on #?
            R What project is due on #?
            """),
        new("meeting time", SlotKind.Topic, SlotKind.Time, """
            = The @ starts at #.
            s The @ starts at #.
            s The @ begins at #.
            s The @ is planned for #.
            s At # the @ begins.
            s The @ was moved to #.
            s Please come to the @ at #.
            s The @ will take place at #.
            s Be there for the @ at #.
            s The time of the @ is #.
            s The @ opens at #.
            s We meet for the @ at #.
            s The invitation to the @ says #.
            s The @ is on the calendar at #.
            s The clock said # when the @ began.
            s The @ was set for #.
            s The @ is at #.
            s We begin the @ at #.
            s You should be at the @ at #.
            s From # on there is the @.
            S The @ kicks off at #.
            S The doors close at #, when the @ begins.
            S # is the hour of the @.
            S The @ got a slot at #.
            q When does the @ start?
            q At what time is the @?
            q When is the @?
            q What time does the @ begin?
            q When does the @ begin?
            q At which time does the @ start?
            q What is the time of the @?
            q When do we meet for the @?
            Q What is the start time of the @?
            Q At what hour does the @ begin?
            Q When should I come to the @?
            r What starts at #?
            r What begins at #?
            r Which event is at #?
            R What takes place at #?
            R Which event begins at #?
            """),
        new("meeting room", SlotKind.Topic, SlotKind.Room, """
            = The @ is held in #.
            s The @ is held in #.
            s The @ takes place in #.
            s Come to # for the @.
            s The @ will be in #.
            s # is reserved for the @.
            s The @ was moved to #.
            s The room of the @ is #.
            s We meet in # for the @.
            s The @ happens in #.
            s Guests of the @ should go to #.
            s For the @ we booked #.
            s The place of the @ is #.
            s You find the @ in #.
            s The @ is in #.
            s They hold the @ in #.
            s We will sit in # during the @.
            s The @ needs #.
            s The sign at # says @.
            s People go to # for the @.
            S The chairs for the @ stand in #.
            S # will host the @.
            S The @ gathers people in #.
            S For the @ they opened #.
            q Where is the @?
            q In which room is the @?
            q Where does the @ take place?
            q Which room is the @ in?
            q Where is the @ held?
            q What is the place of the @?
            q Where do we meet for the @?
            q Which room was booked for the @?
            Q In what room does the @ take place?
            Q To which room do I go for the @?
            Q Where will the @ be?
            r What is held in #?
            r What takes place in #?
            r Which event is in #?
            R What happens in #?
            R Which event takes place in #?
            """),
        new("founded", SlotKind.Company, SlotKind.Year, """
            = @ was founded in #.
            s @ was founded in #.
            s @ was started in #.
            s The company @ was created in #.
            s @ has existed since #.
            s In # @ was founded.
            s The founding year of @ is #.
            s @ opened its doors in #.
            s @ was set up in #.
            s @ was born as a small firm in #.
            s The history of @ begins in #.
            s @ has been in business since #.
            s Two friends founded @ in #.
            s @ is a firm from the year #.
            s The year # saw the start of @.
            s @ was built up in #.
            s A family founded @ in #.
            s @ was first registered in #.
            s The company @ began in #.
            S @ came into being in #.
            S The first sign of @ was hung up in #.
            S @ goes back to #.
            S @ began as a firm in #.
            q When was @ founded?
            q In which year was @ founded?
            q What is the founding year of @?
            q Since when does @ exist?
            q When was @ started?
            q What year was @ founded in?
            q When was the company @ created?
            q In what year did @ begin?
            Q Which year was @ set up in?
            Q How long has @ existed, since which year?
            Q When did @ come into being?
            r Which company was founded in #?
            r What company was started in #?
            r Which firm has existed since #?
            R Which firm was founded in #?
            R What company began in #?
            """),
        new("seat", SlotKind.Company, SlotKind.City, """
            = @ is based in #.
            s @ is based in #.
            s @ has its main office in #.
            s The headquarters of @ are in #.
            s @ sits in #.
            s The seat of @ is #.
            s @ moved its head office to #.
            s @ runs its business from #.
            s The main building of @ stands in #.
            s @ is a company from #.
            s In # you find the head office of @.
            s The company @ is located in #.
            s @ keeps its offices in #.
            s @ works out of #.
            s The company @ comes from #.
            s @ has its seat in #.
            s The head office of @ is in #.
            s @ was moved to #.
            s The address of @ is in #.
            S @ is at home in #.
            S # is the seat of @.
            S @ has put its headquarters in #.
            S The boss of @ works at the main office in #.
            q Where is @ based?
            q Where is the head office of @?
            q In which city is @?
            q What is the seat of @?
            q Where are the headquarters of @?
            q In which city is @ based?
            q Where is @ located?
            q Which city is @ from?
            Q In which city does @ have its main office?
            Q Where does @ have its headquarters?
            Q In what town is @ based?
            r Which company is based in #?
            r What company is in #?
            r Which company has its head office in #?
            R Which firm is located in #?
            R What company has its seat in #?
            """),
        new("growth", SlotKind.Company, SlotKind.Percent, """
            = @ grew by #.
            s @ grew by #.
            s The sales of @ rose by #.
            s @ reported a growth of #.
            s Last year @ became # bigger.
            s The growth of @ was #.
            s @ sold # more than before.
            s With # the growth of @ was a surprise.
            s @ gained #.
            s The numbers of @ went up by #.
            s @ increased its sales by #.
            s Business at @ grew by #.
            s A growth of # was seen at @.
            s @ was able to grow by #.
            s The business of @ grew by #.
            s @ is now # larger.
            s @ added # to its sales.
            s The year brought @ a growth of #.
            s Sales at @ went up #.
            S @ made a jump of #.
            S At @ sales climbed #.
            S @ is pleased with its growth of #.
            S @ expanded by #.
            q By how much did @ grow?
            q What was the growth of @?
            q How much did @ grow?
            q How strong was the growth of @?
            q By how much did the sales of @ rise?
            q What growth did @ report?
            q How big was @'s growth?
            q How much did @ gain?
            Q What was @'s growth?
            Q By what share did @ grow?
            Q How high was the growth of @?
            r Which company grew by #?
            r Who grew by #?
            r Which company reported a growth of #?
            R What company had a growth of #?
            R Which firm grew by #?
            """),
    ];
}
