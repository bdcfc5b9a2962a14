using LLMOS.Agents;

namespace LLMOS.Tests.Agents;

public sealed class WorkflowRulesTests
{
    private static readonly WorkflowTemplate Valid = new()
    {
        Name = "w",
        Region = "/context/x",
        Roles = [new WorkflowRole { Name = "a", Prompt = "p" }],
        Routes = [new WorkflowRoute { From = "user", To = "a" }, new WorkflowRoute { From = "a", To = "user" }],
    };

    [Fact]
    public void A_template_that_can_end_is_taken() => WorkflowRules.Validate(new RunRequest { Template = Valid, Request = "do" });

    [Theory]
    [InlineData("")]
    [InlineData("  \n ")]
    public void An_empty_request_is_refused(string request) => Refused(new RunRequest { Template = Valid, Request = request }, "empty");

    [Fact]
    public void A_request_over_the_limit_is_refused_with_both_lengths() =>
        Refused(new RunRequest { Template = Valid, Request = new string('x', 1_000_000) }, "1000000", "65536");

    [Fact]
    public void A_role_twice_is_refused() => Refused(Request(Valid with { Roles = [.. Valid.Roles, .. Valid.Roles] }), "'a'", "twice");

    [Fact]
    public void A_role_with_the_users_name_is_refused() =>
        Refused(Request(Valid with { Roles = [.. Valid.Roles, new WorkflowRole { Name = "user", Prompt = "p" }] }), "'user'");

    [Fact]
    public void A_route_to_nobody_is_refused() =>
        Refused(Request(Valid with { Routes = [.. Valid.Routes, new WorkflowRoute { From = "a", To = "b" }] }), "a → b", "'b'");

    [Fact]
    public void A_template_that_cannot_begin_or_end_is_refused()
    {
        Refused(Request(Valid with { Routes = [Valid.Routes[1]] }), "begin");
        Refused(Request(Valid with { Routes = [Valid.Routes[0]] }), "end");
    }

    private static RunRequest Request(WorkflowTemplate template) => new() { Template = template, Request = "do" };

    private static void Refused(RunRequest request, params string[] parts)
    {
        var error = Assert.Throws<LlmosException>(() => WorkflowRules.Validate(request));
        Assert.Equal(LlmosErrorCode.InvalidArgument, error.Code);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
