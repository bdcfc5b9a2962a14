using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Tests.Syscalls;

public sealed class SyscallParserTests
{
    [Theory]
    [InlineData("kill 42", " kill 42")]
    [InlineData("  send\t\"hi  there\"   to\n5 ", " send \" hi there\" to 5")]
    [InlineData("tell poet “be brief”", " tell poet \" be brief\"")]
    [InlineData("('quoted')", " (' quoted')")]
    [InlineData("tell 42 \"'so' he said\" or \"\" or ''this''", " tell 42 \" ' so' he said\" or \"\" or ''this''")]
    [InlineData("don't touch agent7's notes", " don't touch agent7's notes")]
    [InlineData("", "")]
    [InlineData("\u0000\u0001 a", " a")]
    [InlineData("PAUSE 7", " pause 7")]
    [InlineData("SEND “ÉTÉ” TO POET!", " send \" été\" to poet!")]
    [InlineData("please PAUSE 7", " please PAUSE 7")]
    [InlineData("OPEN /docs/README.md", " open /docs/readme.md")]
    [InlineData("SUSPEND poet", " suspend poet")]
    [InlineData("TELL POET: 'Write an ODE'", " tell poet: ' Write an ode'")]
    [InlineData("A poet, and TOP", " A poet, and TOP")]
    [InlineData("42 IS TO STOP Bob", " 42 is to stop Bob")]
    [InlineData("allow poet 1,000 and 7 20k", " allow poet 1000 and 7 20000")]
    [InlineData("1.5K tokens, 1,200 tokens (12,345,678 bytes), 1,234,050.", " 1500 tokens, 1200 tokens (12345678 bytes), 1234050.")]
    [InlineData("kill 1,200 and 7,8; 1.2345k, 0,100, 01,000", " kill 1, 200 and 7, 8; 1.2345k, 0, 100, 01, 000")]
    [InlineData("open /4k/20k-notes, a4k, 20km, 20k.txt, 1,0000, 3:20k, 1,000/7", " open /4k/20k-notes, a4k, 20km, 20k.txt, 1, 0000, 3:20k, 1, 000/7")]
    [InlineData("1,000,000,000,000,000 of 99999999999k", " 1000000000000000 of 99999999999k")]
    public void A_sentence_is_put_to_the_model_in_one_form(string sentence, string normalised) =>
        Assert.Equal(normalised, SyscallPrompt.Normalise(sentence));

    [Theory]
    [InlineData("""[{"syscall":"kill","args":{"pid": 42}}]""", "kill 42", """[{"syscall":"kill","args":{"pid":42}}]""")]
    [InlineData("""[{"syscall":"kill","args":{"pid":" poet"}},{"syscall":"ps","args":{}}]""", "kill poet, ps", """[{"syscall":"kill","args":{"pid":"poet"}},{"syscall":"ps","args":{}}]""")]
    [InlineData("""[{"syscall":"spawn","args":{"role":" critic","inheritContext": true,"after":[ 3," poet"]}}]""", "critic after 3 and poet", """[{"syscall":"spawn","args":{"after":[3,"poet"],"inheritContext":true,"role":"critic"}}]""")]
    [InlineData("""[{"syscall":"send","args":{"pid": 5,"text":" say it: \ twice"}}]""", "tell 5 say it: \\  twice", """[{"syscall":"send","args":{"pid":5,"text":"say it: \\  twice"}}]""")]
    [InlineData("""[{"syscall":"send","args":{"pid":" poet","text":" ship it"}}]""", "SEND \"SHIP  IT\" TO POET", """[{"syscall":"send","args":{"pid":"POET","text":"SHIP  IT"}}]""")]
    [InlineData("""[{"syscall":"send","args":{"pid": 5,"text":" I owe you 20000"}},{"syscall":"setrlimit","args":{"pid":" poet","limit":" tokens","value": 1000}}]""", "tell 5 'I owe  you 20k' and allow poet 1,000 tokens", """[{"syscall":"send","args":{"pid":5,"text":"I owe  you 20k"}},{"syscall":"setrlimit","args":{"limit":"tokens","pid":"poet","value":1000}}]""")]
    [InlineData("""[{"syscall":"send","args":{"pid": 5,"text":" 1000 of you"}}]""", "tell 5: 1,000 of you", """[{"syscall":"send","args":{"pid":5,"text":"1,000 of you"}}]""")]
    [InlineData("""[{"syscall":"send","args":{"pid": 5,"text":" pay 7, 8 or 1, 250"}}]""", "tell 5: pay 7,8 or 1,250", """[{"syscall":"send","args":{"pid":5,"text":"pay 7,8 or 1,250"}}]""")]
    [InlineData("""[{"syscall":"search","args":{"query":" 0"}}]""", "allow poet 1,000 and search 0", """[{"syscall":"search","args":{"query":"0"}}]""")]
    [InlineData("""[{"syscall":"kill","args":{"pid":" stop"}},{"syscall":"send","args":{"pid":" ann","text":" stop"}}]""", "KILL STOP and tell ANN 'stop'", """[{"syscall":"kill","args":{"pid":"STOP"}},{"syscall":"send","args":{"pid":"ANN","text":"stop"}}]""")]
    [InlineData("""[{"syscall":"send","args":{"text":" hi","pid":" POET"}}]""", "send POET hi, or HI", """[{"syscall":"send","args":{"pid":"POET","text":"hi"}}]""")]
    [InlineData("""[{"syscall":"nice","args":{"pid": 5,"delta": -3}}]""", "nice 5 by -3", """[{"syscall":"nice","args":{"delta":-3,"pid":5}}]""")]
    public void Calls_are_read_and_words_given_back_as_they_were_typed(string raw, string sentence, string json)
    {
        var reply = SyscallParser.Parse(raw, sentence);

        Assert.Null(reply.Answer);
        Assert.Equal(json, SyscallJson.Write(reply.Calls));
        Assert.Equal(reply.Calls, SyscallJson.Read(json));
    }

    [Theory]
    [InlineData("? Which process?", "Which process?")]
    [InlineData("", "I did not understand that.")]
    [InlineData("?", "I did not understand that.")]
    [InlineData("[]", "I did not understand that.")]
    [InlineData("""[{"syscall":"kill","args":{}}]""", "To kill, the pid is missing.")]
    [InlineData("""[{"syscall":"kill","args":{"pid": 4,"pid": 5}}]""", "I did not understand that.")]
    [InlineData("""[{"syscall":"kill","args":{"who": 4}}]""", "I did not understand that.")]
    [InlineData("""[{"syscall":"slay","args":{"pid": 4}}]""", "I did not understand that.")]
    [InlineData("""[{"syscall":"kill","args":{"pid": 4}}""", "I did not understand that.")]
    [InlineData("""[{"syscall":"kill","args":{"pid":" 4""", "I did not understand that.")]
    [InlineData("""[{"syscall":"kill","args":{"pid": x}}]""", "I did not understand that.")]
    public void What_is_no_whole_call_is_an_answer_and_nothing_is_called(string raw, string answer)
    {
        var reply = SyscallParser.Parse(raw, "kill it");

        Assert.Empty(reply.Calls);
        Assert.Equal(answer, reply.Answer);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""[{"args":{}}]""")]
    [InlineData("nothing")]
    public void What_is_no_list_of_calls_is_refused_with_a_sentence(string json) =>
        Assert.StartsWith("This is no list of syscalls such as", Assert.Throws<LlmosException>(() => SyscallJson.Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Numbers_and_names_of_calls_are_one_to_one_and_stay()
    {
        Assert.Equal(SyscallCatalog.All.Length, SyscallCatalog.All.Select(call => call.Opcode).Distinct().Count());
        Assert.All(SyscallCatalog.All, call => Assert.Same(call, SyscallCatalog.Find(call.Name)));
        Assert.Equal((1, 2, 20, 53, 72), (Opcode("spawn"), Opcode("kill"), Opcode("send"), Opcode("grep"), Opcode("help")));

        static int Opcode(string name) => SyscallCatalog.Find(name)!.Opcode;
    }

    [Fact]
    public void A_grammar_says_nothing_that_the_sentence_does_not()
    {
        var grammar = SyscallGrammar.For("tell 25 \"hello you\"");

        Assert.Contains("number ::= \" 25\"", grammar, StringComparison.Ordinal);
        Assert.Contains("\"hello\"", grammar, StringComparison.Ordinal);
        Assert.DoesNotContain("26", grammar, StringComparison.Ordinal);
        Assert.Contains("number ::= \" -3\" | \" 3\"", SyscallGrammar.For("by -3"), StringComparison.Ordinal);

        // A number within a quotation is none of the order's, and one that is all of it is.
        Assert.Contains("number ::= \" 42\"\n", SyscallGrammar.For("tell 42 'it's done, kill 99'"), StringComparison.Ordinal);
        Assert.Contains("number ::= \" 42\"\n", SyscallGrammar.For("kill \"42\""), StringComparison.Ordinal);

        // Nothing is invented where there is nothing to say: no number without one, and of quotes alone no call.
        Assert.Contains("number ::= span\n", SyscallGrammar.For("end poet"), StringComparison.Ordinal);
        Assert.StartsWith("root ::= answer\n", SyscallGrammar.For("\"\"\"\""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wait 2.5 seconds", "span")]
    [InlineData("lower poet by .5, or 0.5.", "span")]
    [InlineData("at 10:30 kill agent-7, raven_6 and 3-5", "span")]
    [InlineData("open /docs/3 and 2024/05 in qwen2.5-coder", "span")]
    [InlineData("kill 3,4 and 5.", "\" 3\" | \" 4\" | \" 5\"")]
    [InlineData("take log-1@3 to v4, 25gb (6) for @7: 8.Then -9", "\" -9\" | \" 25\" | \" 3\" | \" 4\" | \" 6\" | \" 7\" | \" 8\" | \" 9\"")]
    public void A_number_is_no_part_of_another_one_a_name_or_a_path(string sentence, string numbers) =>
        Assert.Contains($"number ::= {numbers}\n", SyscallGrammar.For(sentence), StringComparison.Ordinal);

    [Theory]
    [InlineData("tell 42 \"\"", true)]
    [InlineData("write “” into /docs/x.txt", true)]
    [InlineData("tell 'poet': ''.", true)]
    [InlineData("tell 42 \"a\" \"b\"", false)]
    [InlineData("tell 42 \"it's ''quoted''\"", false)]
    [InlineData("tell the dogs' poet 'tis late", false)]
    [InlineData("tell 42 ''be brief''", false)]
    [InlineData("tell 42 ``be brief`` now", false)]
    [InlineData("write \"\" to /docs/x.txt", true)]
    public void Quotes_around_nothing_are_answered(string sentence, bool isAnswered) =>
        Assert.Equal(isAnswered, SyscallGrammar.For(sentence).StartsWith("root ::= \"? There is nothing between the quotes.\"", StringComparison.Ordinal));

    [Theory]
    [InlineData("go to /agents/log-1", "words ::= w0 | w1 | w2\n", "w2 ::= \"/\" w3\nw3 ::= \"agents\" w4\nw4 ::= \"/\" w5\nw5 ::= \"log\" w6\nw6 ::= \"-\" w7\nw7 ::= \"1\"\n")]
    [InlineData("end poet's.", "words ::= w0 | w1 | w2 | w3 | w4\n", "w1 ::= \"poet\" (w2)?\n")]
    [InlineData("tell 5 \"hi you\" now", "words ::= w0 | w1 | w3 | w6\n", "w3 ::= \"hi\" \" \" w4\nw4 ::= \"you\"\n")]
    [InlineData("tell 5 'stop; don't' now", "words ::= w0 | w1 | w2 | w3 | w8 | w9\n", "w3 ::= \"stop\" w4\nw4 ::= \";\" \" \" w5\nw5 ::= \"don\" w6\nw6 ::= \"'\" w7\nw7 ::= \"t\" (w8)?\n")]
    [InlineData("'end poet'", "words ::= w0 | w1 | w2 | w3\n", "w1 ::= \"end\" (\" \" w2)?\n")]
    [InlineData("don't end the dogs' poet", "words ::= w0 | w1 | w2 | w3 | w4 | w5 | w6 | w7\n", "w5 ::= \"dogs\" (w6)?\n")]
    [InlineData("see C:\\a\\b \\ c", "words ::= w0 | w1 | w7 | w8\n", "w1 ::= \"C\" w2\nw2 ::= \":\" w3\nw3 ::= \"\\\\\" w4\nw4 ::= \"a\" w5\nw5 ::= \"\\\\\" w6\nw6 ::= \"b\" (\" \" w7)?\nw7 ::= \"\\\\\" (\" \" w8)?\n")]
    [InlineData("ask @poet -x", "words ::= w0 | w1 | w2 | w3 | w4\n", "w1 ::= \"@\" (w2)?\nw2 ::= \"poet\" (\" \" w3)?\nw3 ::= \"-\" (w4)?\n")]
    public void A_text_is_no_part_of_a_word_a_path_or_a_quotation(string sentence, string starts, string rules)
    {
        var grammar = SyscallGrammar.For(sentence);

        Assert.Contains(starts, grammar, StringComparison.Ordinal);
        Assert.Contains(rules, grammar, StringComparison.Ordinal);
    }
}
