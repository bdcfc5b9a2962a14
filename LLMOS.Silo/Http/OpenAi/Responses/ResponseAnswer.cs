using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.OpenAi.Responses;

/// <summary>Makes the items of a response from what a process says, and the events of each of them.</summary>
/// <param name="emit">Takes an event: its type and what it has beside that; does nothing where nobody listens.</param>
internal sealed class ResponseAnswer(Func<string, JsonObject, Task> emit)
{
    private readonly StringBuilder _text = new();
    private string _message = "";
    private ChatFinishReason? _finish;

    /// <summary>The items that are whole.</summary>
    public JsonArray Output { get; } = [];

    public UsageDetails Usage { get; private set; } = new();

    /// <summary>Whether it was cut where its tokens ended.</summary>
    public bool IsCut => _finish == ChatFinishReason.Length;

    public async Task TakeAsync(ChatResponseUpdate update)
    {
        if (update.Text.Length > 0)
        {
            await BeginAsync();
            _text.Append(update.Text);
            await emit("response.output_text.delta", At(new JsonObject { ["delta"] = update.Text, ["logprobs"] = new JsonArray() }));
        }

        Usage = update.Contents.OfType<UsageContent>().FirstOrDefault()?.Details ?? Usage;
        _finish = update.FinishReason ?? _finish;
        var calls = update.Contents.OfType<FunctionCallContent>().ToList();
        if (calls.Count > 0)
        {
            await EndTextAsync();
        }

        foreach (var call in calls)
        {
            await CallAsync(call);
        }
    }

    /// <summary>Ends what is open. A response has a message, though it be empty, unless it calls functions.</summary>
    public async Task EndAsync()
    {
        if (_message.Length == 0 && Output.Count == 0)
        {
            await BeginAsync();
        }

        await EndTextAsync();
    }

    private async Task BeginAsync()
    {
        if (_message.Length > 0)
        {
            return;
        }

        _message = ResponseItems.NewId("msg");
        await emit("response.output_item.added", Item(Message("in_progress", [])));
        await emit("response.content_part.added", At(new JsonObject { ["part"] = Part("") }));
    }

    private async Task EndTextAsync()
    {
        if (_message.Length == 0)
        {
            return;
        }

        var text = _text.ToString();
        await emit("response.output_text.done", At(new JsonObject { ["text"] = text, ["logprobs"] = new JsonArray() }));
        await emit("response.content_part.done", At(new JsonObject { ["part"] = Part(text) }));
        var item = Message(IsCut ? "incomplete" : "completed", new JsonArray(Part(text)));
        await emit("response.output_item.done", Item(item));
        Output.Add((JsonNode)item.DeepClone());
        _message = "";
        _text.Clear();
    }

    private async Task CallAsync(FunctionCallContent call)
    {
        var id = ResponseItems.NewId("fc");
        var arguments = JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>());
        await emit("response.output_item.added", Item(Call(id, call, "", "in_progress")));
        await emit("response.function_call_arguments.delta", new JsonObject { ["item_id"] = id, ["output_index"] = Output.Count, ["delta"] = arguments });
        await emit("response.function_call_arguments.done", new JsonObject { ["item_id"] = id, ["output_index"] = Output.Count, ["name"] = call.Name, ["arguments"] = arguments });
        var item = Call(id, call, arguments, "completed");
        await emit("response.output_item.done", Item(item));
        Output.Add((JsonNode)item.DeepClone());
    }

    private JsonObject Message(string status, JsonArray content) =>
        new() { ["id"] = _message, ["type"] = "message", ["status"] = status, ["role"] = "assistant", ["content"] = content };

    private static JsonObject Call(string id, FunctionCallContent call, string arguments, string status) =>
        new() { ["id"] = id, ["type"] = "function_call", ["status"] = status, ["call_id"] = call.CallId, ["name"] = call.Name, ["arguments"] = arguments };

    private static JsonObject Part(string text) =>
        new() { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray(), ["logprobs"] = new JsonArray() };

    private JsonObject Item(JsonObject item) => new() { ["output_index"] = Output.Count, ["item"] = item.DeepClone() };

    private JsonObject At(JsonObject body)
    {
        body.Insert(0, "item_id", _message);
        body.Insert(1, "output_index", Output.Count);
        body.Insert(2, "content_index", 0);
        return body;
    }
}
