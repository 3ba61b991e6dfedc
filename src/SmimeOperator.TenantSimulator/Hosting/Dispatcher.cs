using SmimeOperator.TenantSimulator.Administration;
using SmimeOperator.TenantSimulator.Requests;
using SmimeOperator.TenantSimulator.Tokens;

namespace SmimeOperator.TenantSimulator;

/// <summary>Tells Graph, the administration and the token authority apart by the first segment of the path.</summary>
internal sealed class Dispatcher(GraphEndpoint graph, AdminEndpoint admin, TokenEndpoint tokens)
{
    public async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        var slash = path.IndexOf('/', 1);
        var first = slash < 0 ? path[1..] : path[1..slash];
        var rest = slash < 0 ? "" : path[slash..];
        switch (first)
        {
            case "beta" or "v1.0":
                await graph.HandleAsync(context, first, rest);
                break;
            case "admin":
                await admin.HandleAsync(context, rest);
                break;
            case "healthz":
                context.Response.StatusCode = 200;
                break;
            default:
                if (!await tokens.TryHandleAsync(context, path.Split('/', StringSplitOptions.RemoveEmptyEntries)))
                {
                    context.Response.StatusCode = 404;
                }

                break;
        }
    }
}
