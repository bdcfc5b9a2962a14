using LLMOS.Agents;
using LLMOS.Client.Workflows;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Client.Tests.Workflows;

public sealed class WorkflowFileTests
{
    private const string Valid = """
        name: pair
        roles:
          - name: writer
            prompt: Write it.
            priority: HIGH
            budget: 1_200
            kind: meta
            maxTokensPerTurn: 64
            temperature: 0
            model: nano
          - name: critic
            prompt: |
              Say what is wrong.
            priority: 3
        routes:
          - { from: user, to: writer }
          - { from: writer, to: critic, times: 2, until: FINE }
          - { from: critic, to: writer }
          - { from: writer, to: user }
        """;

    [Fact]
    public void A_file_says_all_of_a_template()
    {
        var template = WorkflowFile.Parse(Valid, "pair.yaml");

        Assert.Equal("pair", template.Name);
        Assert.Equal("/context/project-{slug}", template.Region);
        Assert.Equal(
            new WorkflowRole
            {
                Name = "writer",
                Prompt = "Write it.",
                Priority = ProcessPriority.Of(PriorityClass.High),
                Budget = 1_200,
                Kind = ProcessKind.Meta,
                MaxTokensPerTurn = 64,
                Temperature = 0,
                Model = "nano",
            },
            template.Roles[0]);
        Assert.Equal(3, template.Roles[1].Priority.Value);
        Assert.Equal(ProcessKind.Specialist, template.Roles[1].Kind);
        Assert.Equal(
            [
                new WorkflowRoute { From = "user", To = "writer" },
                new WorkflowRoute { From = "writer", To = "critic", Times = 2, Until = "FINE" },
                new WorkflowRoute { From = "critic", To = "writer" },
                new WorkflowRoute { From = "writer", To = "user" },
            ],
            template.Routes);
    }

    [Theory]
    [InlineData("turn", ProcessDurability.Turn)]
    [InlineData("Token", ProcessDurability.Token)]
    public void A_role_may_say_what_a_crash_leaves_of_its_turns(string said, ProcessDurability durability) => Assert.Equal(
        durability, WorkflowFile.Parse(Valid.Replace("priority: 3", $"durability: {said}", StringComparison.Ordinal), "pair.yaml").Roles[1].Durability);

    [Fact]
    public void The_built_in_workflow_is_the_one_the_readme_promises()
    {
        var template = BuiltInWorkflows.Load("build-software");

        Assert.Equal(["build-software"], BuiltInWorkflows.Names);
        Assert.Equal("/context/project-{slug}", template.Region);
        Assert.Equal(
            [("architect-agent", PriorityClass.High, 1000L), ("coder-agent", PriorityClass.Normal, 5000L), ("reviewer-agent", PriorityClass.Normal, 2000L)],
            template.Roles.Select(role => (role.Name, role.Priority.Class, role.Budget)));
        Assert.Equal(
            ["user→architect-agent", "architect-agent→coder-agent", "coder-agent→reviewer-agent", "reviewer-agent→coder-agent", "coder-agent→user"],
            template.Routes.Select(route => $"{route.From}→{route.To}"));
        var review = template.Routes[2];
        Assert.True(review.Times is > 0);
        Assert.Equal("APPROVED", review.Until);
    }

    [Fact]
    public void A_file_of_the_same_name_does_not_hide_a_built_in_workflow() =>
        Assert.Equal(BuiltInWorkflows.Find("build-software")!.Roles.Length, BuiltInWorkflows.Load("build-software").Roles.Length);

    /// <summary>What is replaced in the valid file, by what, and the sentence that comes of it.</summary>
    [Theory]
    [InlineData("prompt: Write it.", "promt: Write it.", "w.yaml:4:5: unknown key 'promt'; a role has name, prompt, priority, budget, kind, maxTokensPerTurn, temperature, model, durability.")]
    [InlineData("name: pair", "name: pair\nversion: 2", "w.yaml:2:1: unknown key 'version'; a workflow has name, description, region, roles, routes.")]
    [InlineData("    prompt: Write it.\n", "", "w.yaml:3:5: a role has no 'prompt': add it.")]
    [InlineData("prompt: Write it.", "prompt: '  '", "w.yaml:4:13: 'prompt' of a role is empty: give it a text.")]
    [InlineData("prompt: Write it.", "prompt:", "w.yaml:4:12: a role has no 'prompt': add it.")]
    [InlineData("prompt: Write it.", "prompt: [a, b]", "w.yaml:4:13: 'prompt' of a role is one text.")]
    [InlineData("name: pair\n", "", "w.yaml:1:1: a workflow has no 'name': add it.")]
    [InlineData("name: pair", "name: a b", "w.yaml:1:7: 'a b' is no name: use 1 to 64 letters, digits, '-', '_' and '.', and not a number alone.")]
    [InlineData("name: critic", "name: writer", "w.yaml:11:11: a second role is named 'writer', as on line 3: give each its own name.")]
    [InlineData("name: critic", "name: user", "w.yaml:11:11: no role can be named 'user': that is the person who asked; choose another name.")]
    [InlineData("priority: 3", "priority: 20", "w.yaml:14:15: priority 20 is outside the scale: use 0 (highest) to 19, or REALTIME, HIGH, NORMAL, LOW or IDLE.")]
    [InlineData("priority: 3", "priority: urgent", "w.yaml:14:15: 'urgent' is no priority: use 0 (highest) to 19, or REALTIME, HIGH, NORMAL, LOW or IDLE.")]
    [InlineData("priority: 3", "durability: page", "w.yaml:14:17: 'page' is no durability: use turn or token.")]
    [InlineData("budget: 1_200", "budget: 0", "w.yaml:6:13: 'budget' of a role is '0': use a whole number from 1 to 1000000000.")]
    [InlineData("budget: 1_200", "budget: -5", "w.yaml:6:13: 'budget' of a role is '-5': use a whole number from 1 to 1000000000.")]
    [InlineData("budget: 1_200", "budget: many", "w.yaml:6:13: 'budget' of a role is 'many': use a whole number from 1 to 1000000000.")]
    [InlineData("temperature: 0", "temperature: NaN", "w.yaml:9:18: 'temperature' of a role is 'NaN': use a number from 0 to 2.")]
    [InlineData("kind: meta", "kind: user", "w.yaml:7:11: 'user' is no kind of agent: use specialist or meta.")]
    [InlineData("{ from: user, to: writer }", "{ from: user, to: riter }", "w.yaml:16:23: no role is named 'riter': use writer, critic or user.")]
    [InlineData("{ from: user, to: writer }", "{ from: user }", "w.yaml:16:5: a route has no 'to': add it.")]
    [InlineData("{ from: user, to: writer }", "user → writer", "w.yaml:16:5: a route is written as keys and values: from, to, times, until.")]
    [InlineData("  - { from: user, to: writer }\n", "", "w.yaml:16:3: no route begins at 'user': add one to the role that is asked first.")]
    [InlineData("  - { from: writer, to: user }", "", "w.yaml:16:3: no route leads to 'user', so a run could never end: add one from the role that answers.")]
    [InlineData("times: 2, until: FINE", "times: 0", "w.yaml:17:40: 'times' of a route is '0': use a whole number from 1 to 1000.")]
    [InlineData("times: 2, until: FINE", "until: FINE", "w.yaml:17:5: the loop writer → critic → writer could go on for ever: give one of its routes 'times'.")]
    [InlineData(", times: 2, until: FINE", "", "w.yaml:19:5: this route is never taken, because the one on line 17 from 'writer' is always open: put it before that one, and give it times.")]
    [InlineData("  - { from: critic, to: writer }", "  - { from: critic, to: writer, times: 1 }", "w.yaml:11:11: the role 'critic' has no way on that is always open, so a run could stop there: add a last route from it without times and until.")]
    [InlineData("  - { from: writer, to: critic, times: 2, until: FINE }\n", "", "w.yaml:11:11: nothing leads to the role 'critic': add a route to it, or leave it out.")]
    [InlineData("  - { from: critic, to: writer }", "  - { from: critic, to: critic }", "w.yaml:18:5: this route goes from 'critic' to itself: let it lead to another role or to 'user'.")]
    [InlineData("name: pair", "name: pair\nname: again", "w.yaml:2:1: this is not YAML: ")]
    [InlineData("name: pair", "name: \"pair", "w.yaml:1:7: this is not YAML: ")]
    [InlineData("name: pair", "name: pair\nregion: context", "w.yaml:2:9: 'context' is no path of a region: use one such as /context/project-{slug}.")]
    [InlineData("name: pair", "name: pair\nregion: /context/{what}", "w.yaml:2:9: '/context/{what}' is no path of a region: use one such as /context/project-{slug}.")]
    [InlineData("name: pair", "---\nname: pair\n---\nname: two\n---", "w.yaml:4:1: a second document begins here; a file has one workflow.")]
    public void An_error_is_one_sentence_with_file_line_and_column(string part, string by, string sentence)
    {
        Assert.Contains(part, Valid, StringComparison.Ordinal);
        var yaml = Valid.Replace(part, by, StringComparison.Ordinal);

        var error = Assert.Throws<LlmosException>(() => WorkflowFile.Parse(yaml, "w.yaml"));

        Assert.Equal(LlmosErrorCode.InvalidArgument, error.Code);
        Assert.DoesNotContain('\n', error.Message);
        if (sentence.EndsWith(": ", StringComparison.Ordinal))
        {
            Assert.StartsWith(sentence, error.Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(sentence, error.Message);
        }
    }

    [Theory]
    [InlineData("", "w.yaml:1:1: the file is empty; a workflow has name, roles and routes.")]
    [InlineData("# only a comment", "w.yaml:1:1: the file is empty; a workflow has name, roles and routes.")]
    [InlineData("just words", "w.yaml:1:1: a workflow is written as keys and values: name, description, region, roles, routes.")]
    [InlineData("- a\n- b", "w.yaml:1:1: a workflow is written as keys and values: name, description, region, roles, routes.")]
    public void What_is_no_workflow_is_told_so(string yaml, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<LlmosException>(() => WorkflowFile.Parse(yaml, "w.yaml")).Message);

    [Fact]
    public void A_second_route_from_the_user_is_never_taken()
    {
        var yaml = Valid.Replace(
            "{ from: user, to: writer }", "{ from: user, to: writer, times: 1 }\n  - { from: user, to: critic }", StringComparison.Ordinal);

        var error = Assert.Throws<LlmosException>(() => WorkflowFile.Parse(yaml, "w.yaml"));

        Assert.Equal(
            "w.yaml:17:5: this route is never taken, because the one on line 16 from 'user' is always open: a run begins once; leave one of them out.",
            error.Message);
    }

    [Fact]
    public void Deep_nesting_is_refused_and_does_not_overflow_the_stack()
    {
        var yaml = "name: " + new string('[', 500_000);

        Assert.Contains("more than 16 levels are nested", Assert.Throws<LlmosException>(() => WorkflowFile.Parse(yaml, "w.yaml")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_missing_too_large_or_no_text_get_a_sentence()
    {
        var folder = Directory.CreateTempSubdirectory("llmos-workflow-");
        try
        {
            var missing = Path.Combine(folder.FullName, "missing.yaml");
            Assert.Equal(
                $"There is no workflow '{missing}': name a file, or one of the built-in workflows (build-software).",
                Assert.Throws<LlmosException>(() => BuiltInWorkflows.Load(missing)).Message);

            Assert.Equal(
                $"The workflow '{folder.FullName}' is a folder: name a file in it.",
                Assert.Throws<LlmosException>(() => BuiltInWorkflows.Load(folder.FullName)).Message);

            var large = Path.Combine(folder.FullName, "large.yaml");
            File.WriteAllText(large, new string('#', WorkflowFile.MaxBytes + 1));
            Assert.Equal(
                $"The workflow '{large}' is larger than 1 MB: a workflow is a few prompts; move the rest elsewhere.",
                Assert.Throws<LlmosException>(() => WorkflowFile.Load(large)).Message);

            var binary = Path.Combine(folder.FullName, "binary.yaml");
            File.WriteAllBytes(binary, [0x47, 0x47, 0x55, 0x46, 0xff, 0xfe, 0x80]);
            Assert.Equal(
                $"The workflow '{binary}' is no UTF-8 text: save it as UTF-8.",
                Assert.Throws<LlmosException>(() => WorkflowFile.Load(binary)).Message);

            var good = Path.Combine(folder.FullName, "good.yaml");
            File.WriteAllText(good, "\uFEFF" + Valid.ReplaceLineEndings("\r\n"));
            Assert.Equal("pair", WorkflowFile.Load(good).Name);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Control_characters_do_not_reach_the_terminal_by_an_error()
    {
        var error = Assert.Throws<LlmosException>(() => WorkflowFile.Parse("\"\\e[2Jx\": 1", "w.yaml"));

        Assert.DoesNotContain('\u001b', error.Message);
    }
}
