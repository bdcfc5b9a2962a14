namespace ModelForge.Corpus.Workflow;

/// <summary>
/// How requests are worded. In a skeleton <c>{a}</c> is the thing with its article and <c>{t}</c> without, <c>{c}</c> its name if it has
/// one, <c>{l}</c> the language, and <c>{f}</c> the features; the last three stand for whole phrases or nothing.
/// </summary>
internal sealed record RequestPhrases(
    IReadOnlyList<string> Skeletons, IReadOnlyList<string> Namings, IReadOnlyList<string> Languages, IReadOnlyList<string> Features)
{
    /// <summary>What the model learns from.</summary>
    public static RequestPhrases Trained { get; } = new(
        [
            "Build me {a}{c}{l}{f}", "Build {a}{c}{l}{f}", "Build me {a}{c}{f}{l}", "build {a}{c}{f}{l}", "Create {a}{c}{l}{f}", "Create {a}{c}{f}{l}",
            "Make {a}{c}{l}{f}", "Make me {a}{c}{f}{l}", "Write {a}{c}{l}{f}", "Write {a}{c}{f}{l}", "Write me {a}{c}{l}{f}", "Please write {a}{c}{l}{f}",
            "Please build {a}{c}{f}{l}", "Please create {a}{c}{l}{f}", "Please make me {a}{c}{l}{f}", "I need {a}{c}{l}{f}", "I need {a}{c}{f}{l}",
            "I want {a}{c}{l}{f}", "I want {a}{c}{f}{l}", "We need {a}{c}{l}{f}", "I would like {a}{c}{l}{f}", "I'd like {a}{c}{f}{l}",
            "Can you build {a}{c}{l}{f}?", "Can you write {a}{c}{f}{l}?", "Can you make me {a}{c}{l}{f}?", "Could you create {a}{c}{l}{f}?",
            "Could you please build {a}{c}{f}{l}?", "Could you write {a}{c}{l}{f} for me?", "Would you build {a}{c}{l}{f}?", "Will you write {a}{c}{l}{f}?",
            "Give me {a}{c}{l}{f}", "Give me {a}{c}{f}{l}", "Generate {a}{c}{l}{f}", "Generate code for {a}{c}{l}{f}", "Generate {a}{c}{f}{l}",
            "Implement {a}{c}{l}{f}", "Implement {a}{c}{f}{l}", "Develop {a}{c}{l}{f}", "Develop {a}{c}{f}{l}", "Code {a}{c}{l}{f}", "Code me {a}{c}{l}{f}",
            "Program {a}{c}{l}{f}", "Design and build {a}{c}{l}{f}", "Set up {a}{c}{l}{f}", "Set up {a}{c}{f}{l}", "Put together {a}{c}{l}{f}",
            "{t}{c}{l}{f}", "{a}{c}{l}{f}", "{t}{c}{f}{l}", "{t}{l}{c}{f}", "a small {t}{c}{l}{f}", "a simple {t}{c}{f}{l}", "Write a small {t}{c}{l}{f}",
            "Build a simple {t}{c}{l}{f}", "Create a simple {t}{c}{f}{l}", "Make a tiny {t}{c}{l}{f}", "Build me a minimal {t}{c}{l}{f}",
            "Create a basic {t}{c}{l}{f}", "I need a basic {t}{c}{l}{f}", "Let's build {a}{c}{l}{f}", "Let us make {a}{c}{l}{f}", "Let's write {a}{c}{f}{l}",
            "Help me build {a}{c}{l}{f}", "Help me write {a}{c}{f}{l}", "Help me make {a}{c}{l}{f}", "Your task is to build {a}{c}{l}{f}",
            "The task: {a}{c}{l}{f}", "Task: write {a}{c}{l}{f}", "New project: {a}{c}{l}{f}", "Project: {t}{c}{l}{f}", "Show me {a}{c}{l}{f}",
            "Produce {a}{c}{l}{f}", "Prepare {a}{c}{l}{f}", "My team needs {a}{c}{l}{f}", "I am looking for {a}{c}{l}{f}", "Looking for {a}{c}{l}{f}",
            "How about {a}{c}{l}{f}?", "Try to build {a}{c}{l}{f}", "Go build {a}{c}{l}{f}", "Hi, build {a}{c}{l}{f}", "Hello, please write {a}{c}{l}{f}",
            "Hey, I need {a}{c}{l}{f}", "Build the code of {a}{c}{l}{f}", "Write the source of {a}{c}{l}{f}", "Write a program: {a}{c}{l}{f}",
            "Start a project for {a}{c}{l}{f}", "Do {a}{c}{l}{f}", "Make it {a}{c}{l}{f}", "Create the code for {a}{c}{f}{l}", "{a}{c}{l}{f}, please",
            "{t}{c}{l}{f} please", "Deliver {a}{c}{l}{f}", "I must have {a}{c}{l}{f}", "Provide {a}{c}{l}{f}", "Build for me {a}{c}{l}{f}",
        ],
        [" called {n}", " named {n}", ", call it {n},", " with the name {n}", " called \"{n}\"", " named '{n}'"],
        [
            " in {L}", " in {L}", " using {L}", " written in {L}", " with {L}", " ({L})", " for {L}", ", in {L}", ", using {L}", " in plain {L}",
            " based on {L}", " in {L} code", ", written in {L},", " that uses {L}", " in the language {L}",
        ],
        [
            " with {F}", " with {F}", " with {F}", ", with {F}", " including {F}", " that has {F}", ". It should have {F}", " featuring {F}", ", plus {F}",
            ". Include {F}.", " supporting {F}", "; it needs {F}", " which supports {F}", " and add {F}", ". Add {F}", ". It must have {F}", " that supports {F}",
            " and {F}", ", including {F}", ". Please add {F}", " using {F}", ": {F}", " that needs {F}", ". Features: {F}", ". It needs {F}.",
        ]);

    /// <summary>What it is judged on.</summary>
    public static RequestPhrases HeldOut { get; } = new(
        [
            "Whip up {a}{c}{l}{f}", "Get me {a}{c}{l}{f}", "Craft {a}{c}{l}{f}", "Craft {a}{c}{f}{l}", "Construct {a}{c}{l}{f}", "Assemble {a}{c}{f}{l}",
            "Spin up {a}{c}{l}{f}", "Could I have {a}{c}{l}{f}?", "Can I get {a}{c}{l}{f}?", "I'm after {a}{c}{l}{f}", "It would be great to have {a}{c}{l}{f}",
            "Kindly produce for us {a}{c}{l}{f}", "Would you mind writing {a}{c}{l}{f}?", "Our company requires {a}{c}{l}{f}", "Draft {a}{c}{l}{f}",
            "Please come up with {a}{c}{l}{f}", "Time to make {a}{c}{l}{f}", "A customer asked for {a}{c}{l}{f}", "For tomorrow I require {a}{c}{l}{f}",
            "How would you write {a}{c}{l}{f}?", "Wanted: {a}{c}{l}{f}", "Next up is {a}{c}{l}{f}", "Bring me {a}{c}{f}{l}", "Good morning, make {a}{c}{l}{f}",
            "Have your team create {a}{c}{l}{f}", "Engineer {a}{c}{l}{f}", "Sketch and code {a}{c}{l}{f}", "I could really use {a}{c}{l}{f}",
            "We are going to need {a}{c}{l}{f}", "Someone has to write {a}{c}{l}{f}", "The idea is {a}{c}{l}{f}", "Make a lightweight {t}{c}{l}{f}",
        ],
        [" titled {n}", " by the name of {n}", ", to be called {n},", " known as {n}"],
        [" coded in {L}", " implemented in {L}", " on top of {L}", ", {L} only", " made with {L}", " as {L} code"],
        [
            " equipped with {F}", ", complete with {F}", ". Make sure there is {F}", " offering {F}", ". I also want {F}", " having {F}", " along with {F}",
            ". Do not forget {F}", " and give it {F}", " that comes with {F}",
        ]);
}
