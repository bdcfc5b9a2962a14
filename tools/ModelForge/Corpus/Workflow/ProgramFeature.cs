namespace ModelForge.Corpus.Workflow;

/// <summary>Something a program can have beyond what its kind is.</summary>
/// <param name="Name">Its name in plans, reviews and skeletons.</param>
/// <param name="Phrases">What requests call it, behind "with".</param>
internal sealed record ProgramFeature(string Name, params string[] Phrases)
{
    public static ProgramFeature Logging { get; } = new(
        "logging", "logging", "request logging", "logs", "access logs", "a request log", "log output", "request logs", "logging of every call");

    public static ProgramFeature Metrics { get; } = new(
        "metrics", "metrics", "request metrics", "usage statistics", "a metrics endpoint", "a request counter", "usage metrics", "stats");

    public static ProgramFeature HealthCheck { get; } = new(
        "health check", "a health check", "health checks", "a health endpoint", "a liveness check", "a health check endpoint", "health checking");

    public static ProgramFeature RateLimiting { get; } = new(
        "rate limiting", "rate limiting", "rate limits", "a rate limiter", "throttling", "request throttling", "rate-limiting", "a rate limit", "limits on requests");

    public static ProgramFeature Authentication { get; } = new(
        "authentication", "authentication", "auth", "login", "token authentication", "a login", "password protection", "bearer tokens",
        "access control", "user authentication", "API keys", "token auth");

    public static ProgramFeature Persistence { get; } = new(
        "persistence", "persistence", "persistent storage", "data saved to disk", "saving to a file", "storage on disk", "durable storage",
        "file storage", "persistent data", "data kept in a file");

    public static ProgramFeature Cors { get; } = new(
        "CORS", "CORS", "CORS headers", "cross-origin requests", "cross-origin support", "CORS support", "cross-origin headers");

    public static ProgramFeature Tests { get; } = new(
        "tests", "tests", "unit tests", "a self-test", "a test", "automated tests", "some tests", "a small test", "built-in tests");

    public static ProgramFeature Help { get; } = new(
        "help", "help", "a help option", "usage help", "a --help flag", "a help text", "a help page", "a usage message");

    public static ProgramFeature JsonOutput { get; } = new(
        "JSON output", "JSON output", "output as JSON", "JSON results", "machine-readable output", "results in JSON", "json output");

    /// <summary>What servers can have, in the order of plans and programs.</summary>
    public static IReadOnlyList<ProgramFeature> OfServers { get; } =
        [Logging, Metrics, HealthCheck, RateLimiting, Authentication, Persistence, Cors, Tests];

    /// <summary>What programs for the command line can have, in the order of plans and programs.</summary>
    public static IReadOnlyList<ProgramFeature> OfCommandLines { get; } = [Help, Tests, Logging, Persistence, JsonOutput];
}
