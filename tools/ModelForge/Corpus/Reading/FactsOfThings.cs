namespace ModelForge.Corpus.Reading;

/// <summary>Facts about machines, goods and papers.</summary>
internal static class FactsOfThings
{
    public static readonly IReadOnlyList<FactKind> All =
    [
        new("address", SlotKind.Server, SlotKind.Address, """
            = Server @ has the address #.
            s Server @ has the address #.
            s The address of server @ is #.
            s Server @ listens at #.
            s Server @ can be reached under #.
            s Server @ answers at #.
            s You find server @ at #.
            s The network gave # to server @.
            s Connect to server @ at #.
            s # is the address of server @.
            s Server @ got the new address #.
            s The IP of server @ is #.
            s Server @ sits on the network at #.
            s Server @ runs at #.
            s Server @ uses the IP #.
            s Type # to open server @.
            s The machine behind # is server @.
            s Server @ moved to #.
            S Traffic for server @ goes to #.
            S Server @ was assigned #.
            S To reach server @ use the IP #.
            S Under # server @ takes requests.
            q What is the address of server @?
            q Which IP does server @ have?
            q What is the IP of server @?
            q Under which address is server @?
            q Where can server @ be reached?
            q At which address does server @ answer?
            q What is the IP address of server @?
            q Which address does server @ have?
            Q On which address does server @ listen?
            Q What address do I use for server @?
            Q What IP was server @ given?
            r Which server has the address #?
            r Which server is at #?
            r What server has the IP #?
            R Which server answers at #?
            R To which server does the address # belong?
            """),
        new("version", SlotKind.Program, SlotKind.Version, """
            = The version of @ is #.
            s The version of @ is #.
            s We run @ in version #.
            s @ was updated to version #.
            s Version # of @ is installed.
            s @ is at version #.
            s The latest release of @ is #.
            s Everyone uses @ #.
            s The team released version # of @.
            s @ now has version number #.
            s Please install @ #.
            s The program @ came out as version #.
            s On all machines @ has version #.
            s On this machine @ runs as version #.
            s @ reached version #.
            s The newest @ is #.
            s Our @ is version #.
            s They installed @ in version #.
            S @ reports itself as version #.
            S The upgrade brought @ to #.
            S Since the update @ shows # as its version.
            S The package @ stands at #.
            q Which version of @ is installed?
            q What is the version of @?
            q Which version does @ have?
            q What version of @ do we run?
            q What is the latest release of @?
            q At which version is @?
            q Which release of @ is in use?
            q What is @'s version number?
            Q What version number does @ have?
            Q To which version was @ updated?
            Q Which @ version do we use?
            r Which program is at version #?
            r Which program has version #?
            r What program was updated to #?
            R Which program is installed in version #?
            R What program has version number #?
            """),
        new("port", SlotKind.Program, SlotKind.Port, """
            = The port of @ is #.
            s The port of @ is #.
            s @ listens on port #.
            s @ uses port #.
            s Port # belongs to @.
            s @ waits for requests on port #.
            s @ was started on port #.
            s The service @ is open on port #.
            s Requests to @ go to port #.
            s @ takes connections on port #.
            s In the settings @ has port #.
            s Open port # for @.
            s @ runs behind port #.
            s The port number of @ is #.
            s Connect to @ on port #.
            s @ is served on port #.
            s You reach @ through port #.
            s Behind port # there is @.
            S @ answers whoever knocks on port #.
            S The firewall lets port # through for @.
            S @ was bound to port #.
            S @ occupies port #.
            q On which port does @ listen?
            q Which port does @ use?
            q What is the port of @?
            q What port is @ on?
            q Which port belongs to @?
            q On what port does @ run?
            q Which port number does @ have?
            q To which port do requests for @ go?
            Q What port does @ listen on?
            Q Which port was @ started on?
            Q Under which port is @ open?
            r Which program listens on port #?
            r What uses port #?
            r Which service is on port #?
            R Which program uses port #?
            R What runs on port #?
            """),
        new("price", SlotKind.Product, SlotKind.Amount, """
            = The @ costs #.
            s The @ costs #.
            s The price of the @ is #.
            s You pay # for the @.
            s The @ sells for #.
            s The shop asks # for the @.
            s For the @ they want #.
            s A customer bought the @ for #.
            s The @ has a price of #.
            s The @ is offered at #.
            s The bill for the @ was #.
            s On the label of the @ stands a price of #.
            s The @ can be bought for #.
            s The @ went up in price to #.
            s The @ is priced at #.
            s We bought the @ and paid #.
            s They sold the @ for #.
            s The @ is worth #.
            s The cost of the @ is #.
            S The @ changes hands for #.
            S Whoever wants the @ must pay #.
            S The seller set the price of the @ at #.
            S The @ is yours for #.
            q How much is the @?
            q What does the @ cost?
            q What is the price of the @?
            q How much does the @ cost?
            q How much do I pay for the @?
            q For how much is the @ sold?
            q What price does the @ have?
            q How expensive is the @?
            Q What must I pay for the @?
            Q At which price is the @ offered?
            Q How much money does the @ cost?
            r What costs #?
            r Which item costs #?
            r What has a price of #?
            R Which item has the price #?
            R What is sold for #?
            """),
        new("stock", SlotKind.Product, SlotKind.Count, """
            = There are # pieces of the @ in stock.
            s There are # pieces of the @ in stock.
            s We have # pieces of the @.
            s The store keeps # of the @ in stock.
            s Of the @ there are # left.
            s In stock of the @ are # pieces.
            s The stock of the @ is #.
            s # pieces of the @ arrived in the store.
            s The shelf holds # pieces of the @.
            s They counted # pieces of the @.
            s The store has # units of the @.
            s # units of the @ are ready.
            s There remain # pieces of the @.
            s The list says # for the stock of the @.
            s We own # of the @.
            s Someone counted # of the @.
            s The @ is there in # pieces.
            s # of the @ are in the store.
            S The count of the @ came to # pieces.
            S On the shelf stand # of the @.
            S The @ is in stock # times.
            S The number of units of the @ is #.
            q How many pieces of the @ are there?
            q How many of the @ are in stock?
            q What is the stock of the @?
            q How many units of the @ do we have?
            q How many of the @ are left?
            q How many pieces of the @ does the store have?
            q What number of the @ is in stock?
            q How many of the @ are there?
            Q How many units of the @ are in the store?
            Q What is the number of pieces of the @?
            Q How many pieces of the @ remain?
            """),
        new("status", SlotKind.Ticket, SlotKind.Status, """
            = Ticket @ is #.
            s Ticket @ is #.
            s The status of ticket @ is #.
            s Ticket @ was set to #.
            s Ticket @ is marked as #.
            s Since yesterday ticket @ is #.
            s Ticket @ has the status #.
            s We left ticket @ as #.
            s The state of ticket @ is #.
            s Ticket @ became #.
            s On the board ticket @ is #.
            s Ticket @ still is #.
            s The list shows ticket @ as #.
            s Today ticket @ is #.
            s The system lists ticket @ as #.
            s Ticket @ was found to be #.
            s Ticket @ turned #.
            s They say that ticket @ is #.
            S Someone changed ticket @ to #.
            S Ticket @ went over to #.
            S Look, ticket @ stays #.
            S As to ticket @, its status reads #.
            q What is the status of ticket @?
            q What is the state of ticket @?
            q How does ticket @ stand?
            q Which status does ticket @ have?
            q What status has ticket @?
            q As what is ticket @ marked?
            q What state is ticket @ in?
            q To what was ticket @ set?
            Q In which state is ticket @?
            Q Tell me the status of ticket @.
            Q What is ticket @ marked as?
            """),
        new("size", SlotKind.File, SlotKind.Size, """
            = The file @ has #.
            s The file @ has #.
            s The size of @ is #.
            s @ takes # on the disk.
            s @ is # large.
            s @ has a size of #.
            s The file @ needs #.
            s We saved @, which has #.
            s @ grew to #.
            s On the disk @ uses #.
            s The download of @ is #.
            s @ fills # of the disk.
            s With # the file @ is the largest.
            s @ is a file of #.
            s @ is # in size.
            s @ measures #.
            s Copying @ moves #.
            s The space for @ is #.
            S @ weighs in at #.
            S The listing shows # for @.
            S To store @ you need #.
            S @ came to a size of #.
            q How large is @?
            q What is the size of @?
            q How big is @?
            q How big is the file @?
            q What size does @ have?
            q How much space does @ need?
            q How much does @ take on the disk?
            q Which size has the file @?
            Q What is the file size of @?
            Q How large is the file @?
            Q How much disk space does @ use?
            r Which file has #?
            r Which file is # large?
            r What file needs #?
            R Which file has a size of #?
            R What file takes #?
            """),
        new("customer", SlotKind.Order, SlotKind.Person, """
            = Order @ is from #.
            s Order @ is from #.
            s Order @ was placed by #.
            s # placed order @.
            s The customer of order @ is #.
            s # paid for order @.
            s Order @ belongs to #.
            s # waits for order @.
            s Order @ goes to #.
            s We packed order @ for #.
            s Order @ was sent in by #.
            s Order @ carries the name of #.
            s # bought something with order @.
            s # made order @.
            s Order @ was bought by #.
            s Send order @ to #.
            s The name on the bill of order @ is #.
            s # asked about order @, which is theirs.
            S # is the buyer behind order @.
            S # signed order @.
            S Order @ came in from #.
            S On order @ you read the name #.
            q Who placed order @?
            q Who is the customer of order @?
            q Whose is order @?
            q For whom is order @?
            q Who paid for order @?
            q To whom does order @ belong?
            q By whom was order @ placed?
            q Who waits for order @?
            Q From whom is order @?
            Q Which customer placed order @?
            Q Who is behind order @?
            r Which order is from #?
            r Which order did # place?
            r What order belongs to #?
            R Which order was placed by #?
            R What is the order of #?
            """),
        new("code", SlotKind.Room, SlotKind.Code, """
            = The code of @ is #.
            s The code of @ is #.
            s You open @ with the code #.
            s The door of @ opens with #.
            s To enter @ type #.
            s The key code for @ is #.
            s @ is locked with the code #.
            s For @ the code was changed to #.
            s Use # to get into @.
            s The access code of @ is #.
            s @ has the door code #.
            s The guard of @ asks for the code #.
            s The lock of @ takes the code #.
            s # opens @.
            s The secret code of @ is #.
            s They set the code of @ to #.
            s Without # nobody enters @.
            s You need # for @.
            S Type # and the door of @ lets you in.
            S Into @ you get with the code #.
            S The new lock of @ wants #.
            S # unlocks @.
            q What is the code of @?
            q Which code opens @?
            q What is the door code for @?
            q With which code do I open @?
            q How do I get into @?
            q What code does @ have?
            q What do I type to enter @?
            q Which access code does @ have?
            Q What code opens the door of @?
            Q Which code is for @?
            Q What is the access code to @?
            r Which room has the code #?
            r Which room opens with #?
            r What is the code # for?
            R Which room does the code # open?
            R What room has the code #?
            """),
        new("platform", SlotKind.Train, SlotKind.Platform, """
            = Train @ leaves from platform #.
            s Train @ leaves from platform #.
            s Train @ departs from platform #.
            s The platform of train @ is #.
            s Train @ stands at platform #.
            s Go to platform # for train @.
            s On platform # train @ is waiting.
            s Train @ comes in at platform #.
            s Train @ was moved to platform #.
            s You board train @ at platform #.
            s Train @ stops at platform #.
            s Today train @ uses platform #.
            s The board shows platform # for train @.
            s Train @ waits on platform #.
            s Find train @ at platform #.
            s Train @ goes from platform #.
            s Train @ is at platform #.
            s The platform for train @ is #.
            S Hurry to platform #, train @ is about to go.
            S Train @ is announced on platform #.
            S Platform # is where train @ rolls in.
            S For train @ wait on platform #.
            q From which platform does train @ leave?
            q What is the platform of train @?
            q At which platform is train @?
            q Which platform does train @ use?
            q On what platform is train @?
            q Where does train @ leave, which platform?
            q Which platform is for train @?
            q On which platform do I find train @?
            Q What platform does train @ depart from?
            Q To which platform do I go for train @?
            Q At what platform does train @ stop?
            r Which train leaves from platform #?
            r Which train is at platform #?
            r What train uses platform #?
            R Which train stands on platform #?
            R What train departs from platform #?
            """),
    ];
}
