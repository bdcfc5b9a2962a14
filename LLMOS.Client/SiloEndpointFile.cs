using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;

namespace LLMOS.Client;

/// <summary>
/// Where the silo that holds a data folder answers: a file in that folder, so that a second program joins the silo instead of being refused the folder.
/// It is written when the system is booted and taken away when the silo begins to stop; one that a killed silo left is recognised by its process and its port.
/// </summary>
/// <param name="ProcessId">The operating system's id of the process that runs the silo.</param>
/// <param name="Gateway">Its gateway, as <c>HOST:PORT</c>.</param>
/// <param name="ClusterId">The id of its cluster.</param>
/// <param name="ServiceId">The id of its service.</param>
/// <param name="Works">Whether processes work there; without it, it is one that only looks.</param>
public sealed record SiloEndpointFile(int ProcessId, string Gateway, string ClusterId, string ServiceId, bool Works)
{
    private const string Name = "llmos.endpoint";
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(1);

    /// <summary>Writes the file of a folder, whole or not at all.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Write(string folder)
    {
        var path = PathIn(folder);
        var unfinished = path + ".new";
        using (var stream = File.Create(unfinished))
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("pid", ProcessId);
            json.WriteString("gateway", Gateway);
            json.WriteString("clusterId", ClusterId);
            json.WriteString("serviceId", ServiceId);
            json.WriteBoolean("works", Works);
            json.WriteEndObject();
        }

        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Takes the file of a folder away, if there is one.</summary>
    public static void Remove(string folder)
    {
        try
        {
            File.Delete(PathIn(folder));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Whoever reads it finds that nobody answers there.
        }
    }

    /// <summary>The silo that holds a folder; null where none says so, or the one that did has ended.</summary>
    public static SiloEndpointFile? Find(string folder) => Read(PathIn(folder)) is { } endpoint && endpoint.IsAlive() ? endpoint : null;

    private static SiloEndpointFile? Read(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = json.RootElement;
            return new SiloEndpointFile(
                root.GetProperty("pid").GetInt32(),
                root.GetProperty("gateway").GetString()!,
                root.GetProperty("clusterId").GetString()!,
                root.GetProperty("serviceId").GetString()!,
                root.GetProperty("works").GetBoolean());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private bool IsAlive()
    {
        try
        {
            using var process = Process.GetProcessById(ProcessId);
            var address = GatewayAddress.Parse(Gateway);
            using var client = new TcpClient();
            return client.ConnectAsync(address.Host, address.Port).Wait(ConnectLimit);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception or SocketException or AggregateException or LlmosException)
        {
            return false;
        }
    }

    private static string PathIn(string folder) => Path.Combine(folder, Name);
}
