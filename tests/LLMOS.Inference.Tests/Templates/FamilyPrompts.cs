namespace LLMOS.Inference.Tests.Templates;

/// <summary>
/// The prompt of one chat in the format of each family, worked out by hand from the formats' descriptions: a system message, a question, a call,
/// its result, the answer, and another question that is to be answered.
/// </summary>
internal static class FamilyPrompts
{
    public const string Llama =
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n" +
        "\n" +
        "Environment: ipython\n" +
        "Today Date: 05 Mar 2026\n" +
        "\n" +
        "Be brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n" +
        "\n" +
        "Answer with the JSON of a call:\n" +
        "\n" +
        "{\n" +
        "    \"type\": \"function\",\n" +
        "    \"function\": {\n" +
        "        \"name\": \"get_weather\",\n" +
        "        \"description\": \"Weather of a city\",\n" +
        "        \"parameters\": {\n" +
        "            \"type\": \"object\",\n" +
        "            \"properties\": {\n" +
        "                \"city\": {\n" +
        "                    \"type\": \"string\",\n" +
        "                    \"description\": \"The city\"\n" +
        "                }\n" +
        "            },\n" +
        "            \"required\": [\n" +
        "                \"city\"\n" +
        "            ]\n" +
        "        }\n" +
        "    }\n" +
        "}\n" +
        "\n" +
        "Weather in Bern?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n" +
        "\n" +
        "{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Bern\"}}<|eot_id|><|start_header_id|>ipython<|end_header_id|>\n" +
        "\n" +
        "12 degrees<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n" +
        "\n" +
        "It is 12 degrees.<|eot_id|><|start_header_id|>user<|end_header_id|>\n" +
        "\n" +
        "Thanks!<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n" +
        "\n";

    public const string Qwen25 =
        "<|im_start|>system\n" +
        "Be brief.\n" +
        "\n" +
        "# Tools\n" +
        "\n" +
        "<tools>\n" +
        "{\"type\": \"function\", \"function\": {\"name\": \"get_weather\", \"description\": \"Weather of a city\", \"parameters\": {\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\", \"description\": \"The city\"}}, \"required\": [\"city\"]}}}\n" +
        "</tools>\n" +
        "\n" +
        "Call as <tool_call>\n" +
        "{\"name\": <name>, \"arguments\": <arguments>}\n" +
        "</tool_call><|im_end|>\n" +
        "<|im_start|>user\n" +
        "Weather in Bern?<|im_end|>\n" +
        "<|im_start|>assistant\n" +
        "<tool_call>\n" +
        "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Bern\"}}\n" +
        "</tool_call><|im_end|>\n" +
        "<|im_start|>user\n" +
        "<tool_response>\n" +
        "12 degrees\n" +
        "</tool_response><|im_end|>\n" +
        "<|im_start|>assistant\n" +
        "It is 12 degrees.<|im_end|>\n" +
        "<|im_start|>user\n" +
        "Thanks!<|im_end|>\n" +
        "<|im_start|>assistant\n";

    public const string Qwen3 =
        "<|im_start|>system\n" +
        "Be brief.\n" +
        "\n" +
        "# Tools\n" +
        "\n" +
        "<tools>\n" +
        "{\"type\": \"function\", \"function\": {\"name\": \"get_weather\", \"description\": \"Weather of a city\", \"parameters\": {\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\", \"description\": \"The city\"}}, \"required\": [\"city\"]}}}\n" +
        "</tools>\n" +
        "\n" +
        "Call as <tool_call>\n" +
        "{\"name\": <name>, \"arguments\": <arguments>}\n" +
        "</tool_call><|im_end|>\n" +
        "<|im_start|>user\n" +
        "Weather in Bern?<|im_end|>\n" +
        "<|im_start|>assistant\n" +
        "<tool_call>\n" +
        "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Bern\"}}\n" +
        "</tool_call><|im_end|>\n" +
        "<|im_start|>user\n" +
        "<tool_response>\n" +
        "12 degrees\n" +
        "</tool_response><|im_end|>\n" +
        "<|im_start|>assistant\n" +
        "It is 12 degrees.<|im_end|>\n" +
        "<|im_start|>user\n" +
        "Thanks!<|im_end|>\n" +
        "<|im_start|>assistant\n" +
        "<think>\n" +
        "\n" +
        "</think>\n" +
        "\n";

    public const string Mistral =
        "<s>[INST] Weather in Bern?[/INST][TOOL_CALLS] [{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Bern\"}, \"id\": \"call12345\"}]</s>[TOOL_RESULTS] {\"content\": 12 degrees, \"call_id\": \"call12345\"}[/TOOL_RESULTS] It is 12 degrees.</s>[AVAILABLE_TOOLS] [{\"type\": \"function\", \"function\": {\"name\": \"get_weather\", \"description\": \"Weather of a city\", \"parameters\": {\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\", \"description\": \"The city\"}}, \"required\": [\"city\"]}}}][/AVAILABLE_TOOLS][INST] Be brief.\n" +
        "\n" +
        "Thanks![/INST]";

    public const string GemmaTools =
        "<bos><start_of_turn>user\n" +
        "Be brief.\n" +
        "\n" +
        "Functions that you may call in a tool_code block:\n" +
        "def get_weather(city: str):\n" +
        "    \"\"\"Weather of a city\"\"\"\n" +
        "\n" +
        "Weather in Bern?<end_of_turn>\n" +
        "<start_of_turn>model\n" +
        "```tool_code\n" +
        "[get_weather(city=\"Bern\")]\n" +
        "```<end_of_turn>\n" +
        "<start_of_turn>user\n" +
        "```tool_output\n" +
        "12 degrees\n" +
        "```<end_of_turn>\n" +
        "<start_of_turn>model\n" +
        "It is 12 degrees.<end_of_turn>\n" +
        "<start_of_turn>user\n" +
        "Thanks!<end_of_turn>\n" +
        "<start_of_turn>model\n";

    public const string Phi4Mini =
        "<|system|>Be brief.<|tool|>[{\"name\": \"get_weather\", \"description\": \"Weather of a city\", \"parameters\": {\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\", \"description\": \"The city\"}}, \"required\": [\"city\"]}}]<|/tool|><|end|><|user|>Weather in Bern?<|end|><|assistant|><|tool_call|>[{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Bern\"}}]<|/tool_call|><|end|><|tool_response|>12 degrees<|end|><|assistant|>It is 12 degrees.<|end|><|user|>Thanks!<|end|><|assistant|>";

    public const string DeepSeek =
        "<｜begin▁of▁sentence｜>Be brief.\n" +
        "\n" +
        "## Tools\n" +
        "{\"type\": \"function\", \"function\": {\"name\": \"get_weather\", \"description\": \"Weather of a city\", \"parameters\": {\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\", \"description\": \"The city\"}}, \"required\": [\"city\"]}}}\n" +
        "<｜User｜>Weather in Bern?<｜Assistant｜><｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n" +
        "```json\n" +
        "{\"city\": \"Bern\"}\n" +
        "```<｜tool▁call▁end｜><｜tool▁calls▁end｜><｜end▁of▁sentence｜><｜tool▁outputs▁begin｜><｜tool▁output▁begin｜>12 degrees<｜tool▁output▁end｜><｜tool▁outputs▁end｜>It is 12 degrees.<｜end▁of▁sentence｜><｜User｜>Thanks!<｜Assistant｜><think>\n";

    public const string Granite =
        "<|start_of_role|>system<|end_of_role|>Be brief.<|end_of_text|>\n" +
        "<|start_of_role|>tools<|end_of_role|>[\n" +
        "    {\n" +
        "        \"type\": \"function\",\n" +
        "        \"function\": {\n" +
        "            \"name\": \"get_weather\",\n" +
        "            \"description\": \"Weather of a city\",\n" +
        "            \"parameters\": {\n" +
        "                \"type\": \"object\",\n" +
        "                \"properties\": {\n" +
        "                    \"city\": {\n" +
        "                        \"type\": \"string\",\n" +
        "                        \"description\": \"The city\"\n" +
        "                    }\n" +
        "                },\n" +
        "                \"required\": [\n" +
        "                    \"city\"\n" +
        "                ]\n" +
        "            }\n" +
        "        }\n" +
        "    }\n" +
        "]<|end_of_text|>\n" +
        "<|start_of_role|>user<|end_of_role|>Weather in Bern?<|end_of_text|>\n" +
        "<|start_of_role|>assistant<|end_of_role|><|tool_call|>[{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Bern\"}}]<|end_of_text|>\n" +
        "<|start_of_role|>tool<|end_of_role|>12 degrees<|end_of_text|>\n" +
        "<|start_of_role|>assistant<|end_of_role|>It is 12 degrees.<|end_of_text|>\n" +
        "<|start_of_role|>user<|end_of_role|>Thanks!<|end_of_text|>\n" +
        "<|start_of_role|>assistant<|end_of_role|>";

    public const string GptOss =
        "<|start|>system<|message|>You are a model.\n" +
        "Current date: 2026-03-05\n" +
        "\n" +
        "Reasoning: low\n" +
        "\n" +
        "# Valid channels: analysis, commentary, final.\n" +
        "Calls to these tools must go to the commentary channel: 'functions'.<|end|><|start|>developer<|message|># Instructions\n" +
        "\n" +
        "Be brief.\n" +
        "\n" +
        "# Tools\n" +
        "\n" +
        "## functions\n" +
        "\n" +
        "namespace functions {\n" +
        "\n" +
        "// Weather of a city\n" +
        "type get_weather = (_: {\n" +
        "// The city\n" +
        "city: string,\n" +
        "}) => any;\n" +
        "\n" +
        "} // namespace functions<|end|><|start|>user<|message|>Weather in Bern?<|end|><|start|>assistant to=functions.get_weather<|channel|>commentary json<|message|>{\"city\": \"Bern\"}<|call|><|start|>functions.get_weather to=assistant<|channel|>commentary<|message|>\"12 degrees\"<|end|><|start|>assistant<|channel|>final<|message|>It is 12 degrees.<|end|><|start|>user<|message|>Thanks!<|end|><|start|>assistant";
}
