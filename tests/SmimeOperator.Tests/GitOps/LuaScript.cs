using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using k8s;

namespace SmimeOperator.Tests;

/// <summary>Runs a script of Argo CD's as Argo CD does: the resource is the global obj, the script returns what it found.</summary>
internal static class LuaScript
{
    // Lists and maps look alike in Lua; a table that is empty counts as a map, as our scripts have no empty lists.
    private const string Printer = """
        local function json(value)
          if type(value) == "table" then
            local parts = {}
            if #value > 0 then
              for _, item in ipairs(value) do parts[#parts + 1] = json(item) end
              return "[" .. table.concat(parts, ",") .. "]"
            end
            for key, item in pairs(value) do parts[#parts + 1] = string.format("%q", key) .. ":" .. json(item) end
            return "{" .. table.concat(parts, ",") .. "}"
          elseif type(value) == "string" then
            return string.format("%q", value)
          end
          return tostring(value)
        end
        """;

    /// <summary>What the script returns for a resource.</summary>
    public static async Task<JsonNode> RunAsync(string script, JsonNode resource)
    {
        var program = $$"""
            {{Printer}}
            os.date = function(format) return (format:gsub("!%%Y%-%%m%-%%dT%%X", "0001-01-01T00:00:00")) end
            obj = {{Literal(resource)}}
            local function script()
            {{script}}
            end
            io.write(json(script()))
            """;
        var answer = (await Tool.RunAsync("lua5.1", ["-"], Encoding.UTF8.GetBytes(program))).Succeeded();
        return JsonNode.Parse(answer.StandardOutput)!;
    }

    /// <summary>A YAML file as JSON.</summary>
    public static JsonNode Read(string path) => JsonNode.Parse(KubernetesJson.Serialize(KubernetesYaml.Deserialize<Dictionary<string, object>>(File.ReadAllText(path))))!;

    private static string Literal(JsonNode? node) => node switch
    {
        JsonObject map => "{" + string.Join(',', map.Select(p => $"[{Quote(p.Key)}]={Literal(p.Value)}")) + "}",
        JsonArray list => "{" + string.Join(',', list.Select(Literal)) + "}",
        JsonValue value when value.TryGetValue<string>(out var text) => Quote(text),
        null => "nil",
        _ => node.ToJsonString(),
    };

    private static string Quote(string text) => "\"" + string.Concat(text.Select(c => c is >= ' ' and <= '~' and not '"' and not '\\'
        ? c.ToString()
        : string.Concat(Encoding.UTF8.GetBytes([c]).Select(b => string.Create(CultureInfo.InvariantCulture, $"\\{b:D3}"))))) + "\"";
}
