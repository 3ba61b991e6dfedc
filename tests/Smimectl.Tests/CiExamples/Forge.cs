using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Smimectl.Tests.CiExamples;

/// <summary>A comment on a pull request.</summary>
internal sealed record ForgeComment(int Id, string Author, string Body);

/// <summary>As much of the interfaces of GitHub and GitLab as the examples ask for: comments on one pull request, the token of a job.</summary>
internal sealed class Forge : IAsyncDisposable
{
    public const string Repository = "contoso/mail";
    public const string GitHubToken = "token-of-the-workflow";
    public const string GitHubBot = "github-actions[bot]";
    public const string GitLabToken = "token-of-the-project";
    public const string GitLabBot = "77";
    public const string RequestToken = "token-for-tokens";

    private readonly ConcurrentDictionary<int, ForgeComment> _comments = new();
    private readonly WebApplication _app;

    private Forge(WebApplication app) => _app = app;

    public IReadOnlyList<ForgeComment> Comments => [.. _comments.Values.OrderBy(c => c.Id)];

    public string Address => _app.Urls.Single();

    public static async Task<Forge> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").UseShutdownTimeout(TimeSpan.Zero);
        var app = builder.Build();
        var forge = new Forge(app);
        app.Run(forge.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return forge;
    }

    public void Add(string author, string body)
    {
        var id = _comments.Count + 1;
        _comments[id] = new ForgeComment(id, author, body);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var path = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        switch (request.Method, path)
        {
            case ("GET", ["token"]) when request.Headers.Authorization == $"Bearer {RequestToken}" && request.Query["audience"] == "api://AzureADTokenExchange":
                await context.Response.WriteAsJsonAsync(new JsonObject { ["value"] = "a.signed.token" });
                return;
            case (_, ["repos", "contoso", "mail", "issues", .. var rest]) when request.Headers.Authorization == $"token {GitHubToken}":
                await CommentAsync(context, GitHubBot, rest, "PATCH", c => new JsonObject { ["id"] = c.Id, ["body"] = c.Body, ["user"] = new JsonObject { ["login"] = c.Author } });
                return;
            case ("GET", ["api", "v4", "user"]) when request.Headers["PRIVATE-TOKEN"] == GitLabToken:
                await context.Response.WriteAsJsonAsync(new JsonObject { ["id"] = int.Parse(GitLabBot, CultureInfo.InvariantCulture) });
                return;
            case (_, ["api", "v4", "projects", "5", "merge_requests", .. var rest]) when request.Headers["PRIVATE-TOKEN"] == GitLabToken:
                await CommentAsync(context, GitLabBot, rest, "PUT", c => new JsonObject
                {
                    ["id"] = c.Id, ["body"] = c.Body, ["author"] = new JsonObject { ["id"] = int.Parse(c.Author, CultureInfo.InvariantCulture) },
                });
                return;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
        }
    }

    // GitHub: 7/comments and comments/ID. GitLab: 7/notes and 7/notes/ID.
    private async Task CommentAsync(HttpContext context, string bot, string[] path, string edit, Func<ForgeComment, JsonObject> show)
    {
        var method = context.Request.Method;
        if (method == "GET" && path is ["7", _])
        {
            await context.Response.WriteAsJsonAsync(new JsonArray([.. Comments.Select(show)]));
        }
        else if (method == "POST" && path is ["7", _])
        {
            Add(bot, await BodyAsync(context));
            context.Response.StatusCode = StatusCodes.Status201Created;
            await context.Response.WriteAsJsonAsync(show(Comments[^1]));
        }
        else if (method == edit && int.TryParse(path[^1], CultureInfo.InvariantCulture, out var id) && _comments.TryGetValue(id, out var comment) && comment.Author == bot)
        {
            _comments[id] = comment with { Body = await BodyAsync(context) };
            await context.Response.WriteAsJsonAsync(show(_comments[id]));
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        }
    }

    private static async Task<string> BodyAsync(HttpContext context) =>
        (string)(await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!["body"]!;
}
