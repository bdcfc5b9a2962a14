using System.Collections.Immutable;
using CsCheck;
using LLMOS.Agents;

namespace LLMOS.Tests.Agents;

public sealed class WorkflowRouterTests
{
    private static readonly WorkflowTemplate Build = new()
    {
        Name = "build",
        Region = "/context/x",
        Roles =
        [
            new WorkflowRole { Name = "architect", Prompt = "a" },
            new WorkflowRole { Name = "coder", Prompt = "c" },
            new WorkflowRole { Name = "reviewer", Prompt = "r" },
        ],
        Routes =
        [
            new WorkflowRoute { From = "user", To = "architect" },
            new WorkflowRoute { From = "architect", To = "coder" },
            new WorkflowRoute { From = "coder", To = "reviewer", Times = 2, Until = "APPROVED" },
            new WorkflowRoute { From = "reviewer", To = "coder" },
            new WorkflowRoute { From = "coder", To = "user" },
        ],
    };

    [Fact]
    public void A_run_takes_as_many_rounds_as_the_template_allows() =>
        Assert.Equal("architect coder reviewer coder reviewer coder user", Walk(_ => "no"));

    [Fact]
    public void A_role_that_says_the_word_closes_the_way_to_it() =>
        Assert.Equal("architect coder reviewer coder user", Walk(role => role == "reviewer" ? "APPROVED, well done" : "x"));

    [Fact]
    public void Only_the_role_that_the_route_leads_to_can_close_it() =>
        Assert.Equal("architect coder reviewer coder reviewer coder user", Walk(role => role == "coder" ? "APPROVED" : "x"));

    [Fact]
    public void A_role_without_an_open_route_has_no_next() =>
        Assert.Null(WorkflowRouter.Next(Build with { Routes = Build.Routes.RemoveAt(4) }, "coder", "x",
            ImmutableDictionary<string, string>.Empty.Add(WorkflowRouter.TrailHeader, "0,1,2,3,2,3")));

    [Fact]
    public void The_same_message_is_always_routed_the_same() => Gen.String.Select(Gen.Int[0, 2].Select(i => Build.Roles[i].Name)).Sample((text, role) =>
    {
        var headers = ImmutableDictionary<string, string>.Empty.Add(WorkflowRouter.TrailHeader, "0,1");
        var first = WorkflowRouter.Next(Build, role, text, headers)!;
        var second = WorkflowRouter.Next(Build, role, text, headers)!;
        Assert.Equal(first.To, second.To);
        Assert.Equal(first.Headers.OrderBy(header => header.Key), second.Headers.OrderBy(header => header.Key));
    });

    private static string Walk(Func<string, string> say)
    {
        var headers = ImmutableDictionary<string, string>.Empty;
        var visited = new List<string>();
        for (var role = "user"; visited.Count < 50; role = visited[^1])
        {
            var step = WorkflowRouter.Next(Build, role, role == "user" ? "" : say(role), headers);
            Assert.NotNull(step);
            visited.Add(step.To);
            headers = step.Headers;
            if (step.To == WorkflowRoute.User)
            {
                break;
            }
        }

        return string.Join(' ', visited);
    }
}
