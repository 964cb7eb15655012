-- The tests of tests/test_neovim.py. Neovim runs this file in a folder with articles, and $TEST names the test.

local TIMEOUT = 20000 -- milliseconds; a step takes some tens of them, and the start of the server a second
local tests = {}

local function equal(got, want)
  if not vim.deep_equal(got, want) then
    error("got " .. vim.inspect(got) .. ", not " .. vim.inspect(want), 2)
  end
end

local function lines()
  return vim.api.nvim_buf_get_lines(0, 0, -1, false)
end

-- The diagnostics of the buffer, each as its rule, its line, and the text from its start to its end.
local function marked()
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    local fits, text = pcall(vim.api.nvim_buf_get_text, 0, one.lnum, one.col, one.end_lnum, one.end_col, {})
    local shown = fits and table.concat(text, "\n") or "outside of the text"
    table.insert(found, (one.code or "mistake") .. " " .. one.lnum + 1 .. ": " .. shown)
  end
  table.sort(found)
  return found
end

local function wait(what, condition)
  if not vim.wait(TIMEOUT, condition, 10) then
    error("timeout: " .. what .. "; diagnostics: " .. vim.inspect(marked()))
  end
end

local function wait_for(want)
  wait("the diagnostics " .. vim.inspect(want), function()
    return vim.deep_equal(marked(), want)
  end)
end

local function open(name)
  vim.cmd.edit(name)
end

local function client()
  return vim.lsp.get_clients({ name = "copydesk" })[1]
end

local function call(name, ...)
  local it = client()
  if vim.fn.has("nvim-0.11") == 1 then
    return it[name](it, ...)
  end
  return it[name](...)
end

-- The text of the buffer, as the server has it.
local function text_in_server()
  return call("request_sync", "copydesk/text", { uri = vim.uri_from_bufnr(0) }, TIMEOUT, 0).result
end

-- Apply the only action whose title begins with `title`, with the cursor at `text` in the line `number`.
local function act(title, number, text, only)
  local column = assert(lines()[number]:find(text, 1, true), text .. " is not in the line")
  vim.api.nvim_win_set_cursor(0, { number, column - 1 })
  local before = vim.b.changedtick
  vim.lsp.buf.code_action({
    apply = true,
    context = only and { only = { only } },
    filter = function(action)
      return vim.startswith(action.title, title)
    end,
  })
  wait(title, function()
    return vim.b.changedtick > before
  end)
end

local TRAM = { "names/proper-noun 3: vladimir", "names/proper-noun 5: tuesday", "spacing/after-stop 5: tuesday.The" }

function tests.positions()
  open("tram.md")
  wait_for(TRAM)
  local first = vim.diagnostic.get(0)[1]
  equal(first.severity, vim.diagnostic.severity.WARN)
  equal(first.source, "copydesk")
  equal(vim.startswith(first.message, "“vladimir” should be capitalized: “Vladimir”."), true)
end

function tests.fix()
  open("tram.md")
  wait_for(TRAM)
  act("Replace “tuesday.The” with “tuesday. The”", 5, "tuesday")
  equal(lines()[5], "On 😀 tuesday. The 漢字 tram left.")
  wait_for({ TRAM[1], TRAM[2] })
  act("Replace “vladimir”", 3, "vladimir")
  equal(lines()[3], "A 😀 漢字 tram, which Vladimir Putin took, was late.")
  wait_for({ TRAM[2] })
end

function tests.carriage_returns_in_a_line()
  open("returns.md")
  wait_for({ "names/proper-noun 3: tuesday", "spacing/after-stop 3: tuesday.The" })
  act("Replace “tuesday.The” with “tuesday. The”", 3, "tuesday")
  equal(lines()[3], "On 😀 tuesday. The 漢字 tram left.")
  wait_for({ "names/proper-noun 3: tuesday" })
end

function tests.fix_all()
  open("list.md")
  wait("three diagnostics", function()
    return #vim.diagnostic.get(0) == 3
  end)
  act("Apply all safe fixes", 1, "漢字", "source.fixAll")
  equal(lines(), { "On 😀 Tuesday. The 漢字 tram left. On 😀 Friday. The 漢字 tram left.", "", "It came back. The end." })
  wait_for({})
  vim.cmd.undo()
  equal(lines()[1], "On 😀 Tuesday.The 漢字 tram left. On 😀 Friday.The 漢字 tram left.")
  wait("three diagnostics again", function()
    return #vim.diagnostic.get(0) == 3
  end)
end

function tests.fix_on_save()
  open("tram.md")
  wait_for(TRAM)
  vim.api.nvim_buf_set_lines(0, 0, 1, false, { "# 😀 漢字 Tram", "", "It came back.The end." })
  vim.cmd("silent write")
  equal(lines()[3], "It came back. The end.")
  equal(vim.fn.readfile("tram.md"), lines())
  wait_for({ "names/proper-noun 5: vladimir", "names/proper-noun 7: tuesday" })
end

function tests.check_workspace()
  open("tram.md")
  wait_for(TRAM)
  call("request_sync", "workspace/executeCommand", { command = "copydesk.checkWorkspace", arguments = {} }, TIMEOUT, 0)
  open("list.md")
  equal(#vim.diagnostic.get(0), 3) -- before the server checks it because it is open
  vim.api.nvim_buf_set_lines(0, 0, -1, false, { "It came back." })
  wait_for({})
end

function tests.suppress()
  open("tram.md")
  wait_for(TRAM)
  act("Suppress names/proper-noun here", 3, "vladimir")
  local comment = vim.iter(lines()):find(function(line)
    return line:find("copydesk: ignore names/proper-noun -- reviewed", 1, true)
  end)
  equal(comment ~= nil, true)
  local added = #lines() - 5
  local function moved(by)
    return { "names/proper-noun " .. 5 + by .. ": tuesday", "spacing/after-stop " .. 5 + by .. ": tuesday.The" }
  end
  wait_for(moved(added))
  vim.api.nvim_buf_set_lines(0, 0, 0, false, { "😀", "" })
  wait_for(moved(added + 2))
  vim.cmd("silent undo | silent undo")
  equal(#lines(), 5)
  wait_for(TRAM)
end

function tests.rename_and_delete()
  open("tram.md")
  wait_for(TRAM)
  vim.cmd("silent saveas renamed.md")
  vim.fn.delete("tram.md")
  act("Replace “tuesday.The”", 5, "tuesday")
  wait_for({ TRAM[1], TRAM[2] })
  local renamed = vim.api.nvim_get_current_buf()
  open("list.md")
  wait("the diagnostics of the other article", function()
    return #vim.diagnostic.get(0) == 3
  end)
  vim.fn.delete("renamed.md")
  vim.api.nvim_buf_delete(renamed, { force = true })
  wait("no diagnostics of a deleted article", function()
    return #vim.diagnostic.get() == 3
  end)
end

function tests.restart()
  open("tram.md")
  wait_for(TRAM)
  local old = client().id
  for _, id in ipairs(vim.api.nvim_get_proc_children(vim.fn.getpid())) do
    vim.uv.kill(id, "sigkill")
  end
  wait("the end of the server", function()
    return client() == nil and #vim.diagnostic.get() == 0
  end)
  vim.api.nvim_buf_set_lines(0, 4, 5, false, { "On 😀 Tuesday. The 漢字 tram left.The end." })
  vim.cmd("doautocmd FileType") -- starts the server again, like :edit
  wait_for({ TRAM[1], "spacing/after-stop 5: left.The" })
  equal(client().id ~= old, true)
end

function tests.line_ends()
  open("dos.md")
  wait_for(TRAM)
  equal(vim.bo.fileformat, "dos")
  equal(text_in_server(), table.concat(lines(), "\r\n") .. "\r\n")
  act("Replace “tuesday.The”", 5, "tuesday")
  equal(lines()[5], "On 😀 tuesday. The 漢字 tram left.")
  vim.cmd("silent write")
  equal(vim.fn.readblob("dos.md"), vim.fn.readblob("fixed.md"))
  wait_for({ TRAM[1], TRAM[2] })
end

function tests.config()
  open("tram.md")
  wait_for(TRAM)
  vim.fn.writefile({ "packs: [spacing]" }, "copydesk.yaml")
  vim.cmd("silent write")
  wait_for({ TRAM[3] })
  open("copydesk.yaml")
  vim.api.nvim_buf_set_lines(0, 0, 1, false, { "selekt: [spacing]" })
  wait_for({ "mistake 1: selekt" })
end

function tests.settings()
  open("tram.md")
  wait_for(TRAM)
  client().settings = { copydesk = { minimumSeverity = "error" } }
  call("notify", "workspace/didChangeConfiguration", { settings = client().settings })
  wait_for({})
end

function tests.hover()
  open("tram.md")
  wait_for(TRAM)
  local column = lines()[5]:find("The", 1, true)
  vim.api.nvim_win_set_cursor(0, { 5, column })
  vim.lsp.buf.hover()
  wait("the page of the rule", function()
    return vim.iter(vim.api.nvim_list_bufs()):any(function(buffer)
      local text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n")
      return buffer ~= vim.api.nvim_get_current_buf() and text:find("spacing/after-stop", 1, true) ~= nil
    end)
  end)
end

vim.schedule(function()
  local passed, message = xpcall(tests[vim.env.TEST], debug.traceback)
  if not passed then
    io.stderr:write(tostring(message) .. "\n" .. vim.fn.execute("messages") .. "\n")
    vim.cmd("cquit 1")
  end
  vim.cmd("qall!")
end)
